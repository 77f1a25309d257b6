import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Unauthenticated } from '../errors/request-errors.ts';

const COOLDOWN_MS = 30_000;
/** So old the keys may get before they are read again. */
const MAX_AGE_MS = 10 * 60_000;
/** So long they serve while they cannot be read again: a key that its issuer has withdrawn must end some day. */
const MAX_STALE_MS = 24 * 60 * 60_000;
const TIMEOUT_MS = 5_000;
const MAX_JWKS_BYTES = 256 * 1024;

interface KnownKeys {
  readonly find: JWTVerifyGetKey;
  readonly readAt: number;
}

/**
 * The issuer's keys, read when the first token arrives, every ten minutes, and for an unknown key id; never more than
 * once in half a minute, whether it succeeds or not. While the issuer is down, known keys go on for a day. Throws
 * {@link Unauthenticated}: an outage when the keys that would decide cannot be read.
 *
 * The key set of the library is not used for the reading: it refuses every token once the issuer is down for ten minutes.
 */
export function createIssuerKeys(url: string, now: () => number = () => performance.now()): JWTVerifyGetKey {
  let known: KnownKeys | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let failed = false;
  let reading: Promise<void> | undefined;

  const coolDownMs = () => Math.max(0, askedAt + COOLDOWN_MS - now());
  const ageMs = () => (known ? now() - known.readAt : Number.POSITIVE_INFINITY);
  /** Whether the keys were read since `at`; reads them unless that was tried a moment ago. */
  const readAgain = async () => {
    if (!reading && coolDownMs() > 0) return;
    if (!reading) {
      askedAt = now();
      reading = readKeys(url)
        .then((keys) => {
          known = { find: createLocalJWKSet(keys), readAt: now() };
          failed = false;
        })
        .catch(() => {
          failed = true;
        })
        .finally(() => {
          reading = undefined;
        });
    }
    await reading;
  };
  const outage = () =>
    new Unauthenticated('the keys of the issuer cannot be read', {
      isOutage: true,
      retryAfterMs: coolDownMs() || COOLDOWN_MS,
    });

  return async (header, token) => {
    if (ageMs() > MAX_AGE_MS) await readAgain();
    if (!known || ageMs() > MAX_STALE_MS) throw outage();
    const tried = known;
    try {
      return await tried.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await readAgain();
    if (known !== tried) return known.find(header, token);
    if (failed) throw outage();
    // The key may have been published since: then the token is good once the keys may be read again.
    throw new Unauthenticated('ERR_JWKS_NO_MATCHING_KEY', { retryAfterMs: coolDownMs() });
  };
}

async function readKeys(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json, application/jwk-set+json' },
  });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_JWKS_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
  return JSON.parse(Buffer.concat(chunks).toString());
}
