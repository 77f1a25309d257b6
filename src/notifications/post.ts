import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import type { AddressRanges } from '../config/network/address-ranges.ts';
import { isPublicAddress } from '../config/network/public-address.ts';

/** What came of an attempt. */
export interface Attempt {
  /** Why it failed, for the log; undefined if it was accepted. Contains nothing of the answer but its status. */
  readonly failure: string | undefined;
  /** How long the target asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** Sends notifications to targets. */
export interface Poster {
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Attempt>;
  close(): Promise<void>;
}

/** As long as the Management API waits for receivers of its own webhooks. */
const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 64 * 1024;
/** Of one host: a target sends one after the other, and several targets may share a host. */
const MOST_AT_ONCE = 256;

class PrivateAddress extends Error {
  override name = 'PrivateAddress';
}

/**
 * Connects to public addresses, and to those of `allowed`. The address is checked that the connection is made to: a name
 * may have another one each time it is asked for. Redirects are not followed.
 */
export function createPoster(allowed: AddressRanges): Poster {
  const isAllowed = (address: string) => isPublicAddress(address) || allowed.has(address);
  const guarded: LookupFunction = (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const usable = addresses.filter(({ address }) => isAllowed(address));
      const [first] = usable;
      if (!first) callback(new PrivateAddress('its address is not public'), '', 0);
      else if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  const agent = new Agent({
    connect: { lookup: guarded, timeout: 3_000 },
    connections: MOST_AT_ONCE,
    pipelining: 1,
    allowH2: false,
  });
  return {
    async post(url, headers, body) {
      const { hostname } = new URL(url);
      const literal = hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) > 0 && !isAllowed(literal)) return { failure: 'its address is not public' };
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const response = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal });
        await response.body.dump({ limit: LONGEST_ANSWER, signal }).catch(() => {});
        const { statusCode } = response;
        if (statusCode >= 200 && statusCode < 300) return { failure: undefined };
        const after = Number(response.headers['retry-after']);
        return {
          failure: `it answered ${statusCode}`,
          ...(after > 0 && { retryAfterMs: after * 1_000 }),
        };
      } catch (error) {
        return { failure: describe(error as Error) };
      }
    },
    close: () => agent.destroy(),
  };
}

function describe(error: Error & { readonly code?: string }): string {
  if (error instanceof PrivateAddress) return error.message;
  if (error.name === 'TimeoutError') return `it did not answer within ${TIMEOUT_MS / 1_000} s`;
  return error.code ?? error.name;
}
