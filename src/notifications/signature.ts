import { createHmac } from 'node:crypto';

/** The header with the time and the signature. */
export const SIGNATURE_HEADER = 'change-signature';

/**
 * Returns the value of the header: `t=` with the time in seconds since 1970, and `v1=` with the HMAC-SHA-256 of
 * `time.body` in hexadecimal. The time is signed too, so that an old notification cannot be sent again later.
 */
export function sign(body: string, secret: string, nowMs = Date.now()): string {
  const time = Math.floor(nowMs / 1_000);
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}
