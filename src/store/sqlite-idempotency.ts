import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { IdempotencyStoreUnavailable } from '../upstream/errors.ts';
import type { Claim, IdempotencyStore, WriteRef } from '../upstream/writes/idempotency-store.ts';
import { openIdempotencyDatabase } from './sqlite-database.ts';

export interface SqliteIdempotencyOptions {
  /** `:memory:` keeps nothing beyond the process. */
  readonly file: string;
  /** Claims kept per tenant. */
  readonly most?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;
/** Twice the lifetime of a link. A request that old is not repeated, and `expiresAt` has no use by then. */
const KEEP_MS = 28 * DAY_MS;
const MOST = 100_000;
/** Deleting old claims has a cost, and a few claims too many do no harm. */
const SWEEP_EVERY = 128;

// These words are in existing files; the names in the code are those of `Claim`.
const Row = z.object({
  fingerprint: z.string(),
  state: z.enum(['open', 'made', 'refused']),
  outcome: z.string().nullable(),
  at: z.number(),
});
const Order = z.object({ productOrderId: z.string(), prefillUrl: z.string() });
const Fields = z.array(z.string());
/** Another process is writing, which takes a moment. */
const BUSY = /database is (locked|busy)/;
const BUSY_PAUSE_MS = 25;
const BUSY_TRIES = 40;

/**
 * Opens the embedded store: a SQLite file, which survives a killed process and a power cut. Why SQLite, and why its calls
 * may block for a fraction of a millisecond: docs/decisions/0009-outcome-store.md. Throws `IdempotencyFileError`.
 */
export async function openSqliteIdempotencyStore(
  options: SqliteIdempotencyOptions,
): Promise<IdempotencyStore> {
  const { file, most = MOST, now = Date.now } = options;
  const { db, guard } = await openIdempotencyDatabase(file);
  const select = db.prepare(
    'SELECT fingerprint, state, outcome, at FROM writes WHERE tenant = ? AND key = ?',
  );
  const insert = db.prepare(
    "INSERT INTO writes (tenant, key, fingerprint, state, token, at) VALUES (?, ?, ?, 'open', ?, ?) ON CONFLICT DO NOTHING",
  );
  // The process that claimed it first must not release it any more.
  const takeOver = db.prepare("UPDATE writes SET token = '' WHERE tenant = ? AND key = ? AND state = 'open'");
  const settle = db.prepare(
    `INSERT INTO writes (tenant, key, fingerprint, state, outcome, order_ref, token, at)
     VALUES (?, ?, ?, ?, ?, ?, '', ?)
     ON CONFLICT (tenant, key) DO UPDATE SET
       state = excluded.state, outcome = excluded.outcome, order_ref = excluded.order_ref
     WHERE fingerprint = excluded.fingerprint`,
  );
  const remove = db.prepare(
    "DELETE FROM writes WHERE tenant = ? AND key = ? AND token = ? AND state = 'open'",
  );
  const byOrder = db.prepare('SELECT at FROM writes WHERE order_ref = ?');
  const dropOld = db.prepare('DELETE FROM writes WHERE at < ?');
  const dropMost = db.prepare(
    'DELETE FROM writes WHERE tenant = ? AND id <= (SELECT id FROM writes WHERE tenant = ? ORDER BY id DESC LIMIT 1 OFFSET ?)',
  );
  let claims = 0;

  const sweep = (tenant: string) => {
    if (claims++ % SWEEP_EVERY !== 0) return;
    dropOld.run(now() - KEEP_MS);
    dropMost.run(tenant, tenant, most);
  };
  const claimOnce = ({ tenant, key, fingerprint }: WriteRef): Claim | undefined => {
    const at = now();
    const token = randomUUID();
    sweep(tenant);
    if (insert.run(tenant, key, fingerprint, token, at).changes > 0) return { state: 'new', at, token };
    const found = select.get(tenant, key);
    // Another process has released it between the two statements.
    if (found === undefined) return undefined;
    const row = Row.parse(found);
    if (row.fingerprint !== fingerprint) return { state: 'conflict' };
    if (row.state === 'open') {
      takeOver.run(tenant, key);
      return { state: 'pending', at: row.at };
    }
    const outcome: unknown = JSON.parse(row.outcome ?? 'null');
    return row.state === 'made'
      ? { state: 'succeeded', at: row.at, order: Order.parse(outcome) }
      : { state: 'refused', at: row.at, fields: Fields.parse(outcome) };
  };
  const read = <T>(work: () => T | undefined) =>
    whenFree(() => {
      guard.restoreSharedMemory();
      return work();
    });
  const safely = <T>(work: () => T | undefined) =>
    read(() => {
      guard.requireSameFile();
      return work();
    });

  return {
    claim: (write) =>
      safely(() => {
        const claim = claimOnce(write);
        // A claim in a file that was replaced meanwhile is lost.
        guard.requireSameFile();
        return claim;
      }),
    async recordSuccess({ tenant, key, fingerprint }, { productOrderId, prefillUrl }, orderRef) {
      const outcome = JSON.stringify({ productOrderId, prefillUrl });
      await safely(() => settle.run(tenant, key, fingerprint, 'made', outcome, orderRef, now()));
    },
    async recordRefusal({ tenant, key, fingerprint }, fields) {
      const outcome = JSON.stringify(fields);
      await safely(() => settle.run(tenant, key, fingerprint, 'refused', outcome, null, now()));
    },
    async release({ tenant, key }, token) {
      await safely(() => remove.run(tenant, key, token));
    },
    async orderOf({ tenant, key }) {
      return read(() => {
        const { data } = Row.safeParse(select.get(tenant, key));
        const order = data?.state === 'made' ? Order.parse(JSON.parse(data.outcome ?? 'null')) : undefined;
        return { id: order?.productOrderId };
      }).then(({ id }) => id);
    },
    async madeAt(orderRefs) {
      return read(() =>
        orderRefs.map((ref) => z.object({ at: z.number() }).safeParse(byOrder.get(ref)).data?.at),
      );
    },
    close() {
      guard.restoreSharedMemory();
      db.close();
    },
  };
}

/** Repeats the work while it returns undefined or another process locks the file, without blocking the event loop. */
async function whenFree<T>(work: () => T | undefined): Promise<T> {
  let cause: unknown;
  for (let attempt = 0; attempt < BUSY_TRIES; attempt++) {
    try {
      const value = work();
      if (value !== undefined) return value;
    } catch (error) {
      cause = error;
      if (!(error instanceof Error && BUSY.test(error.message))) break;
    }
    await sleep(BUSY_PAUSE_MS);
  }
  throw new IdempotencyStoreUnavailable('the outcomes of writes can be neither read nor written', { cause });
}
