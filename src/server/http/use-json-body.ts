import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { ClientLeft } from '../../upstream/errors.ts';
import { onceClosed } from '../connections/exchange.ts';
import { badRequest } from '../errors/bad-requests.ts';
import { stateOf } from '../request-state.ts';
import { readJsonBody, requireFewParts } from './read-json-body.ts';
import type { BodyShare, UnverifiedBodies } from './unverified-bodies.ts';

// Closes the connection instead of waiting for the rest of the body.
const tooLarge = () => badRequest('bodyTooLarge', { headers: { connection: 'close' } });

/**
 * Reads the body of a POST as JSON. Refuses bodies of more than `limit` bytes: node:http never reads more than
 * Content-Length says, so the header decides, and only a body without it is counted while it is read. The bodies of
 * unverified callers are also limited all together, by the length that they declare.
 */
export function useJsonBody(limit: number, unverifiedBodies: UnverifiedBodies): Plugin {
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
    onRequestParse({ request, setRequestParser, serverContext }) {
      if (request.method !== 'POST') return;
      const { body } = stateOf(request);
      if (body) {
        setRequestParser(() => readJsonBody(body));
        return;
      }
      const length = request.headers.get('content-length');
      if (length !== null && !(Number(length) <= limit)) throw tooLarge();
      const share = shareOf(request, serverContext);
      if (length !== null) share?.take(Number(length));
      setRequestParser(async (whole) => {
        const bytes = length === null ? await countedBody(whole, limit, share) : await declaredBody(whole);
        await requireFewParts(bytes);
        return readJsonBody(bytes);
      });
    },
    onResponse: ({ request }) => shares.get(request)?.release(),
  };
}

async function declaredBody(request: Request): Promise<Buffer> {
  const whole: ArrayBuffer | Uint8Array = await request.arrayBuffer();
  requireWhole(request);
  // What it returns here is a view already, which `Buffer.from` would copy.
  return ArrayBuffer.isView(whole)
    ? Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength)
    : Buffer.from(whole);
}

async function countedBody(request: Request, limit: number, share: BodyShare | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // A reader instead of a loop over the body: leaving the loop would close the socket before the response is sent.
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    bytes += read.value.byteLength;
    if (bytes > limit) throw tooLarge();
    share?.take(read.value.byteLength);
    chunks.push(read.value);
  }
  requireWhole(request);
  return Buffer.concat(chunks);
}

// An aborted body looks like one that ended.
function requireWhole({ signal }: Request): void {
  if (signal.aborted) throw new ClientLeft('the client left while it sent the body');
}
