import type { IncomingMessage } from 'node:http';

/** Passes on the body when all of it is there. Calls `onLost` if the client leaves before. */
export function readBody(
  request: IncomingMessage,
  onBody: (bytes: Buffer) => void,
  onLost: () => void,
): void {
  const chunks: Buffer[] = [];
  const add = (chunk: Buffer) => void chunks.push(chunk);
  const end = () => {
    stop();
    const [only] = chunks;
    onBody(chunks.length === 1 && only ? only : Buffer.concat(chunks));
  };
  const lose = () => {
    stop();
    onLost();
  };
  const stop = () => {
    request.off('data', add);
    request.off('end', end);
    request.off('close', lose);
    request.off('error', lose);
  };
  request.on('data', add);
  request.once('end', end);
  request.once('close', lose);
  request.once('error', lose);
}
