import { randomUUID } from 'node:crypto';
import { CallTracker } from '../call-tracker.ts';
import { Cancellation } from '../cancellation.ts';
import type { Endpoint, Send } from '../endpoint.ts';
import { UpstreamConflict, type UpstreamError, UpstreamRejected, UpstreamUnauthorized } from '../errors.ts';
import type { AccessTokens } from './access-token.ts';

/** `refused`: the upstream has refused the keys, and has not accepted them since. */
export type KeyState = 'unproved' | 'proved' | 'refused';

/** What the upstream has said of the keys of one tenant. */
export interface KeyProof {
  readonly state: KeyState;
  /** The same calls, watched: each answer tells something of the keys. */
  watch(send: Send): Send;
  /**
   * Undefined when the upstream has accepted all keys since this moment, on the clock of `performance.now()`. Otherwise
   * it is asked; one question serves all who wait. Rejects with what the question failed with.
   */
  since(moment: number): Promise<void> | undefined;
}

export interface KeyProofOptions {
  readonly tokens: AccessTokens;
  readonly send: Send;
  /** Called when keys that were not proved are accepted. */
  readonly onProved: () => void;
  /** Called when keys are refused: what was kept for them must not be shown any more. */
  readonly onRefused: () => void;
  readonly now?: () => number;
}

const ROUTE = 'GET /management/v2/product-orders/{productOrderId}/details';
const probe: Endpoint<null> = {
  route: ROUTE,
  maxBytes: 64 * 1024,
  ttlMs: 0,
  read: () => null,
  absent: () => null,
};

/**
 * Proves keys by two calls: a token call, since an old token outlives the client secret that it was issued for, and a
 * read with that token, since only there the subscription key is checked for the Management API; the token call of
 * management keys carries none at all. The read is for an order that does not exist: its 404 comes from behind every
 * check of the keys.
 */
export function createKeyProof(options: KeyProofOptions): KeyProof {
  const { tokens, onProved, onRefused, now = () => performance.now() } = options;
  let state: KeyState = 'unproved';
  let provedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const accept = () => {
    if (state === 'proved') return;
    state = 'proved';
    onProved();
  };
  const refuse = () => {
    state = 'refused';
    provedAt = Number.NEGATIVE_INFINITY;
    onRefused();
  };
  const learnFrom = (error: unknown) => {
    if (isAccepting(error)) accept();
    else if (isRefusing(error)) refuse();
  };
  const watch =
    (send: Send): Send =>
    async (request, call) => {
      try {
        const value = await send(request, call);
        accept();
        return value;
      } catch (error) {
        learnFrom(error);
        throw error;
      }
    };
  const send = watch(options.send);

  const ask = async () => {
    await tokens.renew().catch((error: unknown) => {
      learnFrom(error);
      throw error;
    });
    const startedAt = now();
    const path = `/management/v2/product-orders/${randomUUID()}/details`;
    const call = { tracker: new CallTracker('key proof'), cancellation: new Cancellation() };
    await send({ endpoint: probe, path, merchantSerialNumber: undefined }, call).catch((error: unknown) => {
      if (!isAccepting(error)) throw error;
    });
    provedAt = startedAt;
  };

  return {
    get state() {
      return state;
    },
    watch,
    since(moment) {
      if (state === 'proved' && provedAt >= moment) return undefined;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

// What the API itself says of a request, it says to a caller whose keys have passed.
function isAccepting(error: unknown): boolean {
  if (error instanceof UpstreamRejected) return true;
  const { status, problem } = error as Partial<UpstreamError>;
  const isOfCaller = error instanceof UpstreamUnauthorized && status === 403;
  return (isOfCaller || error instanceof UpstreamConflict) && problem?.writtenBy === 'api';
}

// A 403 is about one thing; only of a token call, which is about nothing but the keys, it refuses them.
const isRefusing = (error: unknown) =>
  error instanceof UpstreamUnauthorized && (error.status !== 403 || !error.route.includes('/management/'));
