import { z } from 'zod';
import { noAddresses, parseAddressRanges } from './network/address-ranges.ts';
import { isLoopback } from './network/loopback.ts';

/** A whole number from `min` to `max`. */
export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

/** One or several of `choices`, separated by commas. */
export const listOf = <const Choice extends string>(choices: readonly Choice[], message: string) =>
  commaSeparated.pipe(z.array(z.enum(choices, message)));

/** `on` or `off`. */
export const onOff = z.enum(['on', 'off'], 'must be on or off');

const commaSeparated = z.string().transform((text) => text.split(',').map((item) => item.trim()));

/** The upstream refuses longer values, and only visible ASCII is valid in a header. */
export const systemHeader = z
  .string()
  .regex(/^[\x21-\x7e]([\x20-\x7e]{0,28}[\x21-\x7e])?$/, 'must be 1 to 30 visible ASCII characters');

/** Origins of web pages, exactly as browsers send them. */
export const origins = commaSeparated.transform((entries, context) => {
  entries.forEach((entry, index) => {
    if (isOrigin(entry)) return;
    const message = `entry ${index + 1} must be ${originMeant(entry) ?? 'an origin such as https://admin.example.com'}`;
    context.addIssue({ code: 'custom', message });
  });
  return entries;
});

/** Names of headers. */
export const headerNames = commaSeparated.pipe(
  z.array(z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/, 'must be names of headers, separated by commas')),
);

/** IP addresses and ranges. */
export const addressRanges = z
  .string()
  .transform(parseAddressRanges)
  .refine(
    (ranges) => ranges !== undefined,
    'must be IP addresses or ranges such as 10.0.0.0/8 or 2001:db8::/32, separated by commas, and must not cover every address',
  )
  .transform((ranges) => ranges ?? noAddresses);

/** The origin of the Management API. */
export const upstreamUrl = z
  .string()
  .refine(isUpstreamUrl, 'must be an https URL without a path, or an http URL with a loopback host');

/** A URL that nobody on the network can read or change the answers of. */
export const secureUrl = z
  .string()
  .refine(isSecureUrl, 'must be an https URL, or an http URL with a loopback host');

function isUpstreamUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.pathname !== '/' || url.search || url.hash || url.username || url.password) return false;
  return isSecureUrl(text);
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}

/** Returns what was probably meant by a URL that is not an origin. A URL with a user name may contain a password. */
function originMeant(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return `${url.origin}, without a path, a trailing slash or capital letters`;
}

function isSecureUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  );
}
