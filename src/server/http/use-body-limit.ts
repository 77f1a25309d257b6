import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { ClientLeft } from '../../upstream/errors.ts';
import { onceClosed } from '../connections/once-closed.ts';
import { badRequest } from '../errors/bad-requests.ts';
import { stateOf } from '../request-state.ts';
import type { BodyShare, UnverifiedBodies } from './unverified-bodies.ts';

// Closes the connection instead of waiting for the rest of the body.
const tooLarge = () => badRequest('bodyTooLarge', { headers: { connection: 'close' } });

/**
 * Refuses bodies of more than `limit` bytes. node:http never reads more than Content-Length says, so the header decides.
 * Only a body without this header is counted while it is read. Yoga's own limit passes every body through a stream, which
 * is a quarter of the work of a small operation. The bodies of unverified callers are also limited all together, by the
 * length that they declare.
 */
export function useBodyLimit(limit: number, unverifiedBodies: UnverifiedBodies): Plugin {
  const shares = new WeakMap<Request, BodyShare>();
  const shareOf = (request: Request, serverContext: object): BodyShare | undefined => {
    if (stateOf(request).isVerified) return undefined;
    const share = unverifiedBodies.share();
    shares.set(request, share);
    const { res } = serverContext as { readonly res?: ServerResponse };
    if (res) onceClosed(res, share.release);
    return share;
  };
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI, serverContext }) {
      const length = request.headers.get('content-length');
      if (length !== null) {
        if (!(Number(length) <= limit)) throw tooLarge();
        shareOf(request, serverContext)?.take(Number(length));
        return;
      }
      if (!requestParser || !request.body) return;
      const share = shareOf(request, serverContext);
      setRequestParser(async (whole) => {
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        // A reader instead of a loop over the body: leaving the loop would close the socket before the response is sent.
        const reader = whole.body?.getReader();
        for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
          bytes += read.value.byteLength;
          if (bytes > limit) throw tooLarge();
          share?.take(read.value.byteLength);
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
    onResponse: ({ request }) => shares.get(request)?.release(),
  };
}
