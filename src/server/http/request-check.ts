import type { IncomingMessage } from 'node:http';
import { badRequest } from '../errors/bad-requests.ts';
import type { HttpError } from '../errors/http-error.ts';

/** Node silently drops the headers beyond its own limit. */
const MAX_HEADERS = 100;

/** If one of these is repeated, two programs may read two different requests. Node keeps the first or joins them. */
const SINGLE_HEADERS = [
  'accept-encoding',
  'authorization',
  'content-length',
  'content-type',
  'expect',
  'host',
  'if-none-match',
  'last-event-id',
  'merchant-serial-number',
  'ocp-apim-subscription-key',
  'origin',
  'router-authorization',
  'sec-fetch-mode',
  'sec-fetch-site',
  'transfer-encoding',
  'vipps-client-id',
  'vipps-client-secret',
  'x-request-id',
];
/** A bit for each of them. */
const BITS: ReadonlyMap<string, number> = new Map(SINGLE_HEADERS.map((name, index) => [name, 1 << index]));

const HOST = /^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
/** A path and a query of visible ASCII characters, without a fragment. */
const TARGET = /^\/[\x21\x22\x24-\x7e]*$/;

const PLAIN_PATH = '/graphql';
/** The last host that was valid. */
let lastHost: string | undefined;

/**
 * Returns what is wrong with the request line and the headers, or undefined. Refuses everything that two programs on the
 * path of the request could read differently: an authority in the target, a path that changes when it is normalized,
 * repeated headers, an unusual framing of the body.
 */
export function findRequestError(request: IncomingMessage): HttpError | undefined {
  return findHeaderError(request) ?? findTargetError(request) ?? findBodyError(request);
}

function findHeaderError({ rawHeaders }: IncomingMessage): HttpError | undefined {
  if (rawHeaders.length > 2 * MAX_HEADERS) return badRequest('tooManyHeaders');
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const bit = BITS.get(name) ?? 0;
    if (seen & bit)
      return badRequest('duplicateHeader', {
        message: `The header ${titled(name)} is repeated. Send it only once.`,
      });
    seen |= bit;
  }
  return undefined;
}

function findTargetError({ url = '', headers, httpVersion }: IncomingMessage): HttpError | undefined {
  const { host } = headers;
  if (host === undefined && httpVersion !== '1.0') return badRequest('missingHost');
  // Nearly every request has this path and the host of the request before it.
  if (url === PLAIN_PATH && host !== undefined && host === lastHost) return undefined;
  if (host !== undefined && !HOST.test(host)) return badRequest('invalidHost');
  if (!TARGET.test(url)) return badRequest('invalidTarget');
  const [path] = url.split('?', 1);
  const parsed = URL.parse(`http://${host ?? 'localhost'}${url}`);
  if (!parsed) return badRequest('invalidHost');
  if (parsed.pathname !== path) return badRequest('dotSegments');
  lastHost = host;
  return undefined;
}

function findBodyError({ headers, httpVersion }: IncomingMessage): HttpError | undefined {
  const { expect, 'transfer-encoding': encoding } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return badRequest('expectation');
  if (encoding === undefined) return undefined;
  if (httpVersion === '1.0') return badRequest('encodingInHttp10');
  return encoding.toLowerCase() === 'chunked' ? undefined : badRequest('transferEncoding');
}

const titled = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
