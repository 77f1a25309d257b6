import { routeKey } from '../http/route.ts';
import type { TenantName } from '../keys/callers.ts';
import { createCallCounts } from './call-counts.ts';
import { createCallLog } from './call-log.ts';
import type { Arrival, CallRecord } from './call-record.ts';
import type { IdempotencyKeyUse } from './idempotency-key-uses.ts';
import { createIdempotencyKeyUses } from './idempotency-key-uses.ts';

/** Counts of calls since the start or the last reset. Control routes are never counted. */
export interface SandboxStats {
  /** Number of calls by route, such as "GET /management/v1/sales-units/{msn}"; routes never called are left out. */
  calls: Record<string, number>;
  /** Calls of the token routes, which are in `calls` too. */
  tokenCalls: number;
  /** The most calls that were in progress at once. */
  peak: number;
  /** Calls whose socket the client closed before the answer was finished. */
  aborted: number;
  /** The same as `calls`, by the caller's name. Calls whose caller is not known are in `calls` only. */
  tenants: Partial<Record<TenantName, Record<string, number>>>;
  /** Product orders made through the API. */
  orders: number;
  /** What happened to the last 10,000 idempotency keys of product orders. */
  idempotencyKeys: Record<string, IdempotencyKeyUse>;
}

export interface Stats {
  /** The real time from which the times of calls count, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Records a call that has arrived. */
  begin(call: Arrival): CallRecord;
  /** Records that a call has ended, and the status of its answer. */
  end(call: CallRecord, status: number | null): void;
  abort(): void;
  /** Counts a product order, made by the call whose work is running. */
  orderMade(): void;
  /** Runs the work of this call, which makes its orders count as made with the call's idempotency key. */
  during<T>(call: CallRecord, work: () => T): T;
  read(): SandboxStats;
  /** Those of the last 5000 calls with a higher number than `since`, oldest first, and at most `limit` of them. */
  calls(since?: number, limit?: number): CallRecord[];
  reset(): void;
  /** Resets, and starts the time and the numbers of calls again. */
  restart(): void;
}

const ORDER_ROUTE = 'POST /management/v1/product-orders';

export function createStats(): Stats {
  let started = performance.now();
  let startedAt = Date.now();
  const log = createCallLog<CallRecord>();
  const keyUses = createIdempotencyKeyUses();
  const counts = createCallCounts();
  let tokenCalls = 0;
  let inProgress = 0;
  let peak = 0;
  let aborted = 0;
  let orders = 0;
  let inWork: CallRecord | undefined;

  const now = () => Math.round((performance.now() - started) * 10) / 10;
  const reset = () => {
    counts.clear();
    log.clear();
    keyUses.clear();
    tokenCalls = 0;
    aborted = 0;
    orders = 0;
    // Calls that are still running belong to the new count, or their end would make it wrong.
    peak = inProgress;
  };

  return {
    begin({ key, isToken, method, path, template, tenant, idempotencyKey, systemName }) {
      counts.count(tenant, key);
      if (isToken) tokenCalls++;
      inProgress++;
      if (inProgress > peak) peak = inProgress;
      const record: CallRecord = {
        number: log.nextNumber(),
        at: now(),
        method,
        path,
        template,
        status: null,
        tenant,
        durationMs: null,
      };
      if (systemName !== undefined) record.systemName = systemName;
      if (idempotencyKey !== undefined) {
        record.idempotencyKey = idempotencyKey;
        if (key === ORDER_ROUTE) keyUses.sent(idempotencyKey);
      }
      log.add(record);
      return record;
    },
    end(call, status) {
      inProgress--;
      call.status = status;
      call.durationMs = Math.ceil((performance.now() - started - call.at) * 10) / 10;
      if (status !== null && call.idempotencyKey !== undefined && routeKey(call) === ORDER_ROUTE) {
        keyUses.answered(call.idempotencyKey, status);
      }
    },
    abort() {
      aborted++;
    },
    orderMade() {
      orders++;
      if (inWork?.idempotencyKey !== undefined) keyUses.madeOrder(inWork.idempotencyKey);
    },
    during(call, work) {
      inWork = call;
      try {
        return work();
      } finally {
        inWork = undefined;
      }
    },
    read() {
      const { calls, tenants } = counts.read();
      return { calls, tokenCalls, peak, aborted, tenants, orders, idempotencyKeys: keyUses.read() };
    },
    calls: (since, limit) => log.read(since, limit).map((record) => ({ ...record })),
    reset,
    restart() {
      reset();
      log.restart();
      started = performance.now();
      startedAt = Date.now();
    },
    get startedAt() {
      return startedAt;
    },
  };
}
