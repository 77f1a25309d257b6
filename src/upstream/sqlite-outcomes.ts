import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { describeFileProblem, FileProblem } from '../config/file-problem.ts';
import { OutcomesUnavailable } from './errors.ts';
import type { Claim, OutcomeStore, WriteRef } from './outcome-store.ts';
import { createFileGuard, prepareFile } from './outcomes-file.ts';

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
const Fields = z.array(z.string());
/** Another process writes: it is done in a moment. */
const BUSY = /database is (locked|busy)/;
const BUSY_PAUSE_MS = 25;
const BUSY_TRIES = 40;

/**
 * The embedded store: a file of SQLite, which survives a killed process and a power cut. Why SQLite, and why its calls
 * may block for a fraction of a millisecond: docs/decisions/0009-outcome-store.md. Throws {@link OutcomesFileError}.
 */
export async function openSqliteOutcomes(options: SqliteOutcomesOptions): Promise<OutcomeStore> {
  const { file, most = MOST, now = Date.now } = options;
  const { db, requireSameFile } = await open(file);
  const select = db.prepare(
    'SELECT fingerprint, state, outcome, at FROM writes WHERE tenant = ? AND key = ?',
  );
  const insert = db.prepare(
    "INSERT INTO writes (tenant, key, fingerprint, state, token, at) VALUES (?, ?, ?, 'open', ?, ?) ON CONFLICT DO NOTHING",
  );
  // Whoever claimed it first must not free it any more.
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
    // Freed between the two by another process.
    if (found === undefined) return undefined;
    const row = Row.parse(found);
    if (row.fingerprint !== fingerprint) return { state: 'taken' };
    if (row.state === 'open') {
      takeOver.run(tenant, key);
      return { state: 'open', at: row.at };
    }
    const outcome: unknown = JSON.parse(row.outcome ?? 'null');
    return row.state === 'made'
      ? { state: 'made', at: row.at, order: Order.parse(outcome) }
      : { state: 'refused', at: row.at, fields: Fields.parse(outcome) };
  };
  const safely = <T>(work: () => T | undefined) =>
    whenFree(() => {
      requireSameFile();
      return work();
    });

  return {
    claim: (write) =>
      safely(() => {
        const claim = claimOnce(write);
        // What was written to a file that is gone by now is not remembered.
        requireSameFile();
        return claim;
      }),
    async made({ tenant, key, fingerprint }, { productOrderId, prefillUrl }, orderRef) {
      const outcome = JSON.stringify({ productOrderId, prefillUrl });
      await safely(() => settle.run(tenant, key, fingerprint, 'made', outcome, orderRef, now()));
    },
    async refused({ tenant, key, fingerprint }, fields) {
      const outcome = JSON.stringify(fields);
      await safely(() => settle.run(tenant, key, fingerprint, 'refused', outcome, null, now()));
    },
    async release({ tenant, key }, token) {
      await safely(() => remove.run(tenant, key, token));
    },
    async madeAt(orderRefs) {
      return whenFree(() =>
        orderRefs.map((ref) => z.object({ at: z.number() }).safeParse(byOrder.get(ref)).data?.at),
      );
    },
    close: () => db.close(),
  };
}

/** Does it again while it gives undefined or another process holds the file, without holding up everybody else. */
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
  throw new OutcomesUnavailable('the outcomes of writes cannot be read or written', { cause });
}

interface OpenFile {
  readonly db: DatabaseSync;
  /** Throws when the path no longer leads to the open file. */
  requireSameFile(): void;
}

async function open(file: string): Promise<OpenFile> {
  // Loaded here, since older Nodes warn of it.
  const { DatabaseSync } = await import('node:sqlite');
  const inMemory = file === ':memory:';
  // Absolute, so that SQLite takes no path for a URL such as file:x?mode=memory, which keeps nothing.
  const path = inMemory ? file : resolve(file);
  let db: DatabaseSync | undefined;
  try {
    if (!inMemory) prepareFile(path);
    db = new DatabaseSync(path);
    // Several processes may share the file on one machine; FULL puts a claim on disk before its write is sent.
    db.exec('PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
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
        token TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (tenant, key)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS writes_by_order ON writes (order_ref) WHERE order_ref IS NOT NULL;
      CREATE INDEX IF NOT EXISTS writes_by_age ON writes (at);
      PRAGMA user_version = ${VERSION};
    `);
    // From now on nobody waits in here: see whenFree.
    db.exec('PRAGMA busy_timeout = 0');
    return { db, requireSameFile: inMemory ? () => {} : createFileGuard(path) };
  } catch (error) {
    db?.close();
    throw new OutcomesFileError(describeOpenFailure(error), { cause: error });
  }
}

/** Messages of SQLite name no path; those of failed system calls do. */
function describeOpenFailure(error: unknown): string {
  const isOfSystem = error instanceof Error && ('errno' in error || 'syscall' in error);
  const isOfFile = error instanceof FileProblem || isOfSystem;
  return isOfFile || !(error instanceof Error) ? describeFileProblem(error) : error.message;
}
