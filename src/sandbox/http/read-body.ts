import type { IncomingMessage } from 'node:http';

const LIMIT = 12 * 1024 * 1024;
const empty = Buffer.alloc(0);

/**
 * Hands over the whole body; undefined when it is larger than 12 MiB. It takes a callback, since a request without a
 * body (nearly all of them) must not wait for a promise.
 */
export function readBody(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    done(empty);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on('end', () => done(length <= LIMIT ? Buffer.concat(chunks) : undefined));
}
