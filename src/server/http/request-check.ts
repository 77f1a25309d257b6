import type { IncomingMessage } from 'node:http';

/** Why a request is refused before anything else reads it. */
export interface RequestFault {
  readonly status: number;
  readonly message: string;
}

/** Node would leave out silently what is too many. */
const MAX_HEADERS = 100;

/** A second one would let two readers see two different requests. Node keeps the first, or joins them. */
const SINGLE_HEADERS = new Set([
  'accept-encoding',
  'authorization',
  'content-length',
  'content-type',
  'expect',
  'host',
  'if-none-match',
  'merchant-serial-number',
  'ocp-apim-subscription-key',
  'origin',
  'sec-fetch-mode',
  'sec-fetch-site',
  'transfer-encoding',
  'vipps-client-id',
  'vipps-client-secret',
  'x-request-id',
]);

const HOST = /^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
/** A path and a query of visible ASCII characters. A fragment never belongs into a request. */
const TARGET = /^\/[\x21\x22\x24-\x7e]*$/;

const PLAIN_PATH = '/graphql';
/** The last host that was found good. */
let lastHost: string | undefined;

const bad = (message: string, status = 400): RequestFault => ({ status, message });

/**
 * Returns what is wrong with the first line and the headers of a request, or undefined. Whatever two programs on its way
 * could read differently is refused: an authority in the target, a path that changes when it is normalised, repeated
 * headers, an unusual framing of the body.
 */
export function findRequestFault(request: IncomingMessage): RequestFault | undefined {
  return findHeaderFault(request) ?? findTargetFault(request) ?? findBodyFault(request);
}

function findHeaderFault({ rawHeaders }: IncomingMessage): RequestFault | undefined {
  if (rawHeaders.length > 2 * MAX_HEADERS) return bad(`Send at most ${MAX_HEADERS} headers.`, 431);
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!SINGLE_HEADERS.has(name)) continue;
    if (seen.has(name)) return bad(`Send one ${titled(name)} header.`);
    seen.add(name);
  }
  return undefined;
}

function findTargetFault({ url = '', headers, httpVersion }: IncomingMessage): RequestFault | undefined {
  const { host } = headers;
  if (host === undefined && httpVersion !== '1.0') return bad('Send a Host header.');
  // Nearly every request: one path, and the host of the request before.
  if (url === PLAIN_PATH && host !== undefined && host === lastHost) return undefined;
  if (host !== undefined && !HOST.test(host)) return bad('The Host header is not a host name.');
  if (!TARGET.test(url)) return bad('Send the request target as a path.');
  const [path] = url.split('?', 1);
  const parsed = URL.parse(`http://${host ?? 'localhost'}${url}`);
  if (!parsed) return bad('The Host header is not a host name.');
  if (parsed.pathname !== path) return bad('Send the path without dot segments.');
  lastHost = host;
  return undefined;
}

function findBodyFault({ headers, httpVersion }: IncomingMessage): RequestFault | undefined {
  const { expect, 'transfer-encoding': encoding } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    return bad('Only the expectation 100-continue can be met.', 417);
  if (encoding === undefined) return undefined;
  if (httpVersion === '1.0') return bad('HTTP/1.0 has no Transfer-Encoding. Send a Content-Length.');
  return encoding.toLowerCase() === 'chunked'
    ? undefined
    : bad('Send the body without a transfer coding other than chunked.', 501);
}

const titled = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
