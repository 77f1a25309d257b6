import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Claim, OutcomeStore, WriteRef } from './outcome-store.ts';

export interface SqliteOutcomesOptions {
  /** `:memory:` keeps nothing beyond the process. */
  readonly file: string;
  /** Claims kept per tenant. */
  readonly most?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The file is there and cannot be used. */
export class OutcomesFileError extends Error {
  override name = 'OutcomesFileError';
}

const VERSION = 1;
const DAY_MS = 86_400_000;
/** Twice the life of a link: nobody repeats a request that old, and `expiresAt` is of no use by then. */
const KEEP_MS = 28 * DAY_MS;
const MOST = 100_000;
/** Sweeping has a cost, and a few claims too many do not matter. */
const SWEEP_EVERY = 128;

const Row = z.object({
  fingerprint: z.string(),
  state: z.enum(['open', 'made', 'refused']),
  outcome: z.string().nullable(),
  at: z.number(),
});
const Order = z.object({ productOrderId: z.string(), prefillUrl: z.string() });
const Fields = z.array(z.object({ name: z.string(), reason: z.string() }));

/**
 * The embedded store: a file of SQLite, which survives a killed process and a power cut. Why SQLite, and why its calls
 * may block for a fraction of a millisecond: docs/decisions/0009-outcome-store.md. Throws {@link OutcomesFileError}.
 */
export async function openSqliteOutcomes(options: SqliteOutcomesOptions): Promise<OutcomeStore> {
  const { file, most = MOST, now = Date.now } = options;
  const db = await open(file);
  const select = db.prepare(
    'SELECT fingerprint, state, outcome, at FROM writes WHERE tenant = ? AND key = ?',
  );
  const insert = db.prepare(
    "INSERT INTO writes (tenant, key, fingerprint, state, at) VALUES (?, ?, ?, 'open', ?) ON CONFLICT DO NOTHING",
  );
  const settle = db.prepare(
    'UPDATE writes SET state = ?, outcome = ?, order_ref = ? WHERE tenant = ? AND key = ? AND fingerprint = ?',
  );
  const remove = db.prepare(
    "DELETE FROM writes WHERE tenant = ? AND key = ? AND fingerprint = ? AND state = 'open'",
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

  return {
    async claim({ tenant, key, fingerprint }: WriteRef): Promise<Claim> {
      const at = now();
      sweep(tenant);
      if (insert.run(tenant, key, fingerprint, at).changes > 0) return { state: 'new', at };
      const row = Row.parse(select.get(tenant, key));
      if (row.fingerprint !== fingerprint) return { state: 'taken' };
      if (row.state === 'open') return { state: 'open', at: row.at };
      const outcome: unknown = JSON.parse(row.outcome ?? 'null');
      return row.state === 'made'
        ? { state: 'made', at: row.at, order: Order.parse(outcome) }
        : { state: 'refused', at: row.at, fields: Fields.parse(outcome) };
    },
    async made({ tenant, key, fingerprint }, { productOrderId, prefillUrl }, orderRef) {
      settle.run('made', JSON.stringify({ productOrderId, prefillUrl }), orderRef, tenant, key, fingerprint);
    },
    async refused({ tenant, key, fingerprint }, fields) {
      settle.run('refused', JSON.stringify(fields), null, tenant, key, fingerprint);
    },
    async release({ tenant, key, fingerprint }) {
      remove.run(tenant, key, fingerprint);
    },
    async madeAt(orderRefs) {
      return orderRefs.map((ref) => z.object({ at: z.number() }).safeParse(byOrder.get(ref)).data?.at);
    },
    close: () => db.close(),
  };
}

async function open(file: string): Promise<DatabaseSync> {
  // Loaded here, since older Nodes warn of it.
  const { DatabaseSync } = await import('node:sqlite');
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const db = new DatabaseSync(file);
    // The links in it open what a merchant has filled in: for the owner of the process alone.
    if (file !== ':memory:') chmodSync(file, 0o600);
    // Several processes may share the file on one machine; FULL puts a claim on disk before its write is sent.
    db.exec('PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const version = z.object({ user_version: z.number() }).parse(db.prepare('PRAGMA user_version').get());
    if (version.user_version > VERSION) throw new Error('it was written by a newer version');
    db.exec(`
      CREATE TABLE IF NOT EXISTS writes (
        id INTEGER PRIMARY KEY,
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        state TEXT NOT NULL,
        outcome TEXT,
        order_ref TEXT,
        at INTEGER NOT NULL,
        UNIQUE (tenant, key)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS writes_by_order ON writes (order_ref) WHERE order_ref IS NOT NULL;
      CREATE INDEX IF NOT EXISTS writes_by_age ON writes (at);
      PRAGMA user_version = ${VERSION};
    `);
    return db;
  } catch (error) {
    throw new OutcomesFileError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
