import { randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import {
  type Change,
  type ChangeConditions,
  type ChangeKind,
  type ChangePage,
  type ChangePlace,
  ChangesExpired,
  type FoundChanges,
  type NewChange,
} from '../../directory/changes/change.ts';

/** Deleted at once, so that no transaction becomes long. */
const MOST_DELETED = 1_000;

/**
 * The changes of one tenant, in the file of its directory: a change and the state that it leads to are stored in the same
 * transaction. Nothing is recorded before the directory was complete for the first time.
 */
export class ChangeLog {
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #epoch: string;
  #observedSince: number | undefined;
  /** Times never go back, whatever the clock does. */
  #lastAt: number;
  /** Those of the transaction under way. */
  #added: Change[] = [];

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = prepare(db);
    this.#epoch = this.#metaOf('epoch') ?? this.#newEpoch();
    const since = this.#metaOf('observedSince');
    this.#observedSince = since === undefined ? undefined : Number(since);
    this.#lastAt = Number(this.#sql.lastAt.get()?.['at'] ?? 0);
  }

  get observedSince(): number | undefined {
    return this.#observedSince;
  }

  /** From this time on, every difference is a change that was seen soon after it happened. */
  observe(at: number): void {
    this.#sql.setMeta.run('observedSince', String(at));
    this.#observedSince = at;
  }

  /** Records a change, within the transaction that stores the new state. */
  add(change: NewChange): void {
    if (this.#observedSince === undefined) return;
    this.#lastAt = Math.max(this.#lastAt, change.at);
    const at = this.#lastAt;
    const { kind, msn = null, merchant = null, productOrder = null, pricePackage = null, fields } = change;
    const { lastInsertRowid } = this.#sql.add.run(
      at,
      kind,
      msn,
      merchant,
      productOrder,
      pricePackage,
      JSON.stringify(fields),
    );
    this.#added.push({ ...change, at, sequence: Number(lastInsertRowid) });
  }

  /** Returns the changes of the transaction that has ended. */
  takeAdded(): readonly Change[] {
    const added = this.#added;
    this.#added = [];
    return added;
  }

  /** Deletes some of the changes that were seen before a time. */
  deleteBefore(time: number): void {
    this.#sql.deleteBefore.run(time, MOST_DELETED);
  }

  /** Throws {@link ChangesExpired}. */
  read({ conditions, size, fromEnd, after, before }: ChangePage): FoundChanges {
    const last = this.#last();
    const from = after ? this.#sequenceOf(after) : 0;
    const to = before ? this.#sequenceOf(before) : last + 1;
    const { where, values } = whereOf(conditions);
    const rows = this.#db
      .prepare(
        `SELECT * FROM changes WHERE sequence > ? AND sequence < ?${where} ORDER BY sequence ${fromEnd ? 'DESC' : 'ASC'} LIMIT ?`,
      )
      .all(from, to, ...values, size + 1)
      .map(changeOf);
    const isMore = rows.length > size;
    const changes = rows.slice(0, size);
    if (fromEnd) changes.reverse();
    return {
      epoch: this.#epoch,
      changes,
      last,
      hasPreviousPage: fromEnd ? isMore : from > 0,
      hasNextPage: fromEnd ? before !== undefined : isMore,
      observedSince: this.#observedSince,
    };
  }

  count(conditions: ChangeConditions): number {
    const { where, values } = whereOf(conditions);
    const row = this.#db.prepare(`SELECT count(*) AS count FROM changes WHERE true${where}`).get(...values);
    return Number(row?.['count']);
  }

  #last(): number {
    return Number(this.#sql.last.get()?.['seq'] ?? 0);
  }

  /** Throws {@link ChangesExpired} if a change after the place was deleted, or is of a file that was lost. */
  #sequenceOf({ epoch, sequence }: ChangePlace): number {
    const oldest = Number(this.#sql.oldest.get()?.['oldest'] ?? this.#last() + 1) - 1;
    if (epoch !== this.#epoch || sequence < oldest || sequence > this.#last())
      throw new ChangesExpired({ epoch: this.#epoch, sequence: oldest });
    return sequence;
  }

  #metaOf(key: string): string | undefined {
    const value = this.#sql.meta.get(key)?.['value'];
    return value === undefined ? undefined : String(value);
  }

  #newEpoch(): string {
    const epoch = randomBytes(6).toString('base64url');
    this.#sql.setMeta.run('epoch', epoch);
    return epoch;
  }
}

function prepare(db: DatabaseSync) {
  return {
    meta: db.prepare('SELECT value FROM meta WHERE key = ?'),
    setMeta: db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
    add: db.prepare(
      'INSERT INTO changes (at, kind, msn, merchant, product_order, price_package, fields) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    // AUTOINCREMENT keeps the last number when the last row is deleted.
    last: db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'changes'"),
    lastAt: db.prepare('SELECT at FROM changes ORDER BY sequence DESC LIMIT 1'),
    oldest: db.prepare('SELECT min(sequence) AS oldest FROM changes'),
    deleteBefore: db.prepare(
      'DELETE FROM changes WHERE sequence IN (SELECT sequence FROM changes WHERE at < ? ORDER BY at LIMIT ?)',
    ),
  };
}

function whereOf({ kinds, msns, merchants, productOrders, since }: ChangeConditions) {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const isOneOf = (column: string, wanted: readonly string[] | undefined) => {
    if (!wanted) return;
    parts.push(` AND ${column} IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(wanted));
  };
  isOneOf('kind', kinds);
  isOneOf('msn', msns);
  isOneOf('merchant', merchants);
  isOneOf('product_order', productOrders);
  if (since !== undefined) {
    parts.push(' AND at >= ?');
    values.push(since);
  }
  return { where: parts.join(''), values };
}

const textOf = (value: SQLOutputValue | undefined) => (typeof value === 'string' ? value : undefined);

const changeOf = (row: Record<string, SQLOutputValue>): Change => ({
  sequence: Number(row['sequence']),
  at: Number(row['at']),
  kind: row['kind'] as ChangeKind,
  msn: textOf(row['msn']),
  merchant: textOf(row['merchant']),
  productOrder: textOf(row['product_order']),
  pricePackage: textOf(row['price_package']),
  fields: JSON.parse(String(row['fields'])),
});
