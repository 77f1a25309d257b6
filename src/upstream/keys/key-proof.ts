import { randomUUID } from 'node:crypto';
import { CallTracker } from '../call-tracker.ts';
import { Cancellation } from '../cancellation.ts';
import type { Endpoint, Send } from '../endpoint.ts';
import { UpstreamConflict, type UpstreamError, UpstreamRejected, UpstreamUnauthorized } from '../errors.ts';
import type { AccessTokens } from './access-token.ts';

/** `refused`: the upstream has refused the keys and has not accepted them since. */
export type KeyState = 'unproved' | 'proved' | 'refused';

/** Whether the upstream accepts the keys of one client. */
export interface KeyProof {
  readonly state: KeyState;
  /** Wraps calls, since each answer shows whether the upstream accepts the keys. */
  watch(send: Send): Send;
  /**
   * Returns undefined when the upstream has accepted all keys since this moment, in the time of `performance.now()`.
   * Otherwise it checks them; one check serves all waiters. Rejects with the error of a failed check.
   */
  since(moment: number): Promise<void> | undefined;
}

export interface KeyProofOptions {
  readonly tokens: AccessTokens;
  /** Sent with the read, which names one order. */
  readonly merchantSerialNumber: string | undefined;
  readonly send: Send;
  /** Called when unproved keys are accepted. */
  readonly onProved: () => void;
  /** Called when keys are refused: their cached answers must not be returned any more. */
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
 * Proves keys with two calls. The token call checks the client secret, which an old token may outlive. A read with that
 * token checks the subscription key, which the upstream checks for the Management API only there. The read is for an
 * order that does not exist: a 404 comes only after every check of the keys.
 */
export function createKeyProof(options: KeyProofOptions): KeyProof {
  const { tokens, merchantSerialNumber, onProved, onRefused, now = () => performance.now() } = options;
  let state: KeyState = 'unproved';
  let provedAt = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | undefined;

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

  const check = async () => {
    await tokens.renew().catch((error: unknown) => {
      learnFrom(error);
      throw error;
    });
    const startedAt = now();
    const path = `/management/v2/product-orders/${randomUUID()}/details`;
    const call = { tracker: new CallTracker('key proof'), cancellation: new Cancellation() };
    await send({ endpoint: probe, path, merchantSerialNumber }, call).catch((error: unknown) => {
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
      checking ??= check().finally(() => {
        checking = undefined;
      });
      return checking;
    },
  };
}

// The API itself answers only requests whose keys were accepted.
function isAccepting(error: unknown): boolean {
  if (error instanceof UpstreamRejected) return true;
  const { status, problem } = error as Partial<UpstreamError>;
  const isOfCaller = error instanceof UpstreamUnauthorized && status === 403;
  return (isOfCaller || error instanceof UpstreamConflict) && problem?.writtenBy === 'api';
}

// A 403 refuses one action. Only the 403 of a token call is about the keys themselves.
const isRefusing = (error: unknown) =>
  error instanceof UpstreamUnauthorized && (error.status !== 403 || !error.route.includes('/management/'));
