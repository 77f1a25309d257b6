import type { Duplex } from 'node:stream';
import { plainRefusal, type RefusalDetails } from './plain-error.ts';
import { securityHeaderLines } from './with-security-headers.ts';

/** Refuses on a socket for which there is no response object, in the form of every other error, and closes it. */
export function refuseOnSocket(
  socket: Duplex,
  status: string,
  message: string,
  { headers = [], ...details }: RefusalDetails & { readonly headers?: readonly string[] } = {},
): void {
  const body = plainRefusal(message, details);
  const lines = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
    `${securityHeaderLines}connection: close`,
    '',
    body,
  ];
  // Anyone who goes on sending is not listened to.
  socket.end(lines.join('\r\n'), () => socket.destroy());
}
