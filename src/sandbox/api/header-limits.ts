import type { IncomingHttpHeaders } from 'node:http';
import { readHeader } from '../http/headers.ts';
import type { Policy } from '../policy/policy.ts';
import type { FieldError } from '../rules/field-error.ts';

// Source of the limits: OpenAPI document 2.0.9 (system headers) and the access token API's document (MSN).
const MSN = /^[0-9]{4,10}$/;
const SYSTEM_HEADER_LIMIT = 30;
const systemHeaders = [
  'Vipps-System-Name',
  'Vipps-System-Version',
  'Vipps-System-Plugin-Name',
  'Vipps-System-Plugin-Version',
].map((name) => ({ name, key: name.toLowerCase() }));

/** Returns the first optional header that breaks its limit. */
export function findBadHeader(
  headers: IncomingHttpHeaders,
  { longSystemHeaders }: Policy,
): FieldError | undefined {
  const msn = readHeader(headers, 'merchant-serial-number');
  if (msn !== undefined && !MSN.test(msn))
    return { name: 'Merchant-Serial-Number', reason: 'must be 4 to 10 digits.' };
  if (longSystemHeaders !== 'refuse') return undefined;
  for (const { name, key } of systemHeaders) {
    const value = readHeader(headers, key);
    if (value !== undefined && value.length > SYSTEM_HEADER_LIMIT) {
      return { name, reason: `must have at most ${SYSTEM_HEADER_LIMIT} characters.` };
    }
  }
  return undefined;
}

/** Returns `Vipps-System-Name`, as far as the policy keeps it. */
export function keptSystemName(
  headers: IncomingHttpHeaders,
  { longSystemHeaders }: Policy,
): string | undefined {
  const name = readHeader(headers, 'vipps-system-name');
  return longSystemHeaders === 'cut' ? name?.slice(0, SYSTEM_HEADER_LIMIT) : name;
}
