import { MIMEType } from 'node:util';
import Negotiator from 'negotiator';

/** What clients send most. */
const PLAIN = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);
const UTF_8 = new Set(['utf-8', 'utf8', 'us-ascii']);

/** Whether a `Content-Type` is JSON in UTF-8, whatever its case, spaces and other parameters. */
export function isJsonText(header: string | null): boolean {
  if (header === null) return false;
  if (PLAIN.has(header)) return true;
  try {
    const { essence, params } = new MIMEType(header);
    return essence === 'application/json' && UTF_8.has((params.get('charset') ?? 'utf-8').toLowerCase());
  } catch {
    return false;
  }
}

const RESPONSE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';
const UTF_8_RANGE = /;\s*charset\s*=\s*"?utf-?8"?/gi;
/** A client without a preference gets the first, which every client reads. */
const answerTypes = [JSON_TYPE, RESPONSE];

/** The media type of the response that a request prefers; undefined if it accepts none. */
export function answerTypeFor(accept: string | null): string | undefined {
  if (!accept || accept === '*/*' || accept === JSON_TYPE) return JSON_TYPE;
  if (accept === RESPONSE) return RESPONSE;
  // Answers are always UTF-8, so a range that says so is the same range.
  return negotiate({ accept: accept.replaceAll(UTF_8_RANGE, '') }).mediaType(answerTypes);
}

const EVENTS = 'text/event-stream';
const MULTIPART = 'multipart/mixed';
const eventTypes = [EVENTS, MULTIPART] as const;

/**
 * Returns in which form a request accepts the events of a subscription; undefined if it accepts none. Both must be named,
 * and multipart as Apollo's form of it: `multipart/mixed` alone may be any other.
 */
export function acceptedEvents(accept: string | null): (typeof eventTypes)[number] | undefined {
  if (!accept) return undefined;
  const ranges = accept.toLowerCase().split(',').map(readRange);
  const offered = eventTypes.filter((type) =>
    ranges.some((range) => range.type === type && (type === EVENTS || range.names.has('subscriptionspec'))),
  );
  // Other parameters select nothing here.
  const header = ranges.map(({ type, quality }) => `${type};${quality}`).join(',');
  return negotiate({ accept: header }).mediaType([...offered]) as (typeof eventTypes)[number] | undefined;
}

/** Returns a media range with the names of its parameters, and its parameter for the quality. */
function readRange(text: string) {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q=')) ?? 'q=1';
  return { type, quality, names: new Set(parameters.map((parameter) => parameter.split('=', 1)[0])) };
}

/** Returns the form of events if a request accepts nothing else. */
export const acceptsOnlyEvents = (accept: string | null): ReturnType<typeof acceptedEvents> =>
  answerTypeFor(accept) ? undefined : acceptedEvents(accept);

/** Whether a request asks for a page, as browsers do. */
export const acceptsPage = (accept: string | null): boolean =>
  accept !== null && /text\/html/i.test(accept) && negotiate({ accept }).mediaTypes(['text/html']).length > 0;

/** The encoding to use of those offered, which are in order of preference; undefined for none. */
export function encodingFor<Name extends string>(
  accept: string | null,
  offered: readonly Name[],
): Name | undefined {
  if (accept === null || accept === '' || accept === 'identity') return undefined;
  const options = { preferred: [...offered] };
  const chosen = (negotiate({ 'accept-encoding': accept }) as PrefersEncoding).encoding(
    [...offered, 'identity'],
    options,
  );
  return chosen === 'identity' ? undefined : (chosen as Name | undefined);
}

/** The types of the library do not know this parameter yet. */
interface PrefersEncoding {
  encoding(available: string[], options: { readonly preferred: string[] }): string | undefined;
}

const negotiate = (headers: Record<string, string>) => new Negotiator({ headers });
