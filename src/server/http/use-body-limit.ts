import type { Plugin } from 'graphql-yoga';
import { ClientLeft } from '../../upstream/errors.ts';
import { badRequest } from '../errors/bad-requests.ts';

// Closes the connection instead of waiting for the rest of the body.
const tooLarge = () => badRequest('bodyTooLarge', { headers: { connection: 'close' } });

/**
 * Refuses bodies of more than `limit` bytes. node:http never reads more than Content-Length says, so the header decides.
 * Only a body without this header is counted while it is read. Yoga's own limit passes every body through a stream, which
 * is a quarter of the work of a small operation.
 */
export function useBodyLimit(limit: number): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
      const length = request.headers.get('content-length');
      if (length !== null) {
        if (!(Number(length) <= limit)) throw tooLarge();
        return;
      }
      if (!requestParser || !request.body) return;
      setRequestParser(async (whole) => {
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        // A reader instead of a loop over the body: leaving the loop would close the socket before the response is sent.
        const reader = whole.body?.getReader();
        for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
          bytes += read.value.byteLength;
          if (bytes > limit) throw tooLarge();
          chunks.push(read.value);
        }
        // An aborted body looks like one that ended.
        if (whole.signal.aborted) throw new ClientLeft('the client left while it sent the body');
        const { url, method, headers, signal } = whole;
        return requestParser(
          new fetchAPI.Request(url, { method, headers, signal, body: Buffer.concat(chunks) }),
        );
      });
    },
  };
}
