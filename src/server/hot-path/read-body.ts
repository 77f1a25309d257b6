import type { IncomingMessage } from 'node:http';

/**
 * Passes on the body when all of it is there, at once if that is now. Calls `onLost` if the client leaves before. `length` is
 * what the client says that it sends.
 */
export function readBody(
  request: IncomingMessage,
  length: number,
  onBody: (bytes: Buffer) => void,
  onLost: () => void,
): void {
  // Most bodies come in one packet with their headers. Listening for one takes longer than reading it.
  const whole = request.readableLength === length ? (request.read() as Buffer | null) : null;
  if (whole?.length === length) onBody(whole);
  else readChunks(request, whole ? [whole] : [], onBody, onLost);
}

function readChunks(
  request: IncomingMessage,
  chunks: Buffer[],
  onBody: (bytes: Buffer) => void,
  onLost: () => void,
): void {
  const add = (chunk: Buffer) => void chunks.push(chunk);
  const end = () => {
    stop();
    onBody(Buffer.concat(chunks));
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
