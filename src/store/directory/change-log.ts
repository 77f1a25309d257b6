import { randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
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
/** Takes some five milliseconds. */
const WINDOW = 20_000;

/**
 * The changes of one tenant, in the file of its directory: a change and the state that it leads to are stored in the same
 * transaction. Nothing is recorded before the directory was complete for the first time.
 */
export class ChangeLog {
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #window: number;
  readonly #epoch: string;
  #observedSince: number | undefined;
  /** Times never go back, whatever the clock does. */
  #lastAt: number;
  /** Those of the transaction under way. */
  #added: Change[] = [];

  /** `window`: changes that are looked through in one turn of the event loop. */
  constructor(db: DatabaseSync, window = WINDOW) {
    this.#db = db;
    this.#window = window;
    this.#sql = prepare(db);
    this.#epoch = this.#metaOf('epoch') ?? this.#newEpoch();
    const since = this.#metaOf('observedSince');
    this.#observedSince = since === undefined ? undefined : Number(since);
    this.#lastAt = Number(this.#sql.lastAt.get()?.['at'] ?? 0);
  }

  get epoch(): string {
    return this.#epoch;
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

  /** Rejects with {@link ChangesExpired}. */
  async read({ conditions, size, fromEnd, after, before }: ChangePage): Promise<FoundChanges> {
    const from = after ? this.#sequenceOf(after) : this.#beforeOldest();
    const to = before ? this.#sequenceOf(before) : this.#last() + 1;
    const { where, values, isIndexed } = whereOf(conditions);
    const rows = this.#db.prepare(
      `SELECT * FROM changes WHERE sequence > ? AND sequence < ?${where} ORDER BY sequence ${fromEnd ? 'DESC' : 'ASC'} LIMIT ?`,
    );
    const found: Change[] = [];
    for await (const [low, high] of this.#windows(conditions, from, to, { isIndexed, fromEnd })) {
      found.push(...rows.all(low, high, ...values, size + 1 - found.length).map(changeOf));
      if (found.length > size) break;
    }
    const isMore = found.length > size;
    const changes = found.slice(0, size);
    if (fromEnd) changes.reverse();
    return {
      epoch: this.#epoch,
      changes,
      first: from,
      last: Math.max(from, to - 1),
      hasPreviousPage: fromEnd ? isMore : after !== undefined,
      hasNextPage: fromEnd ? before !== undefined : isMore,
      observedSince: this.#observedSince,
    };
  }

  async count(conditions: ChangeConditions): Promise<number> {
    const { where, values, isIndexed } = whereOf(conditions);
    const counted = this.#db.prepare(
      `SELECT count(*) AS count FROM changes WHERE sequence > ? AND sequence < ?${where}`,
    );
    let count = 0;
    for await (const [low, high] of this.#windows(conditions, 0, this.#last() + 1, { isIndexed }))
      count += Number(counted.get(low, high, ...values)?.['count']);
    return count;
  }

  /**
   * Returns the sequence numbers between two, which are excluded, in parts that are looked through in one turn of the event
   * loop: a month of a large tenant has a million changes, and all tenants share the thread.
   */
  async *#windows(
    { since }: ChangeConditions,
    from: number,
    to: number,
    { isIndexed, fromEnd = false }: { readonly isIndexed: boolean; readonly fromEnd?: boolean },
  ): AsyncGenerator<readonly [low: number, high: number]> {
    // Times never go back, so that the first change of a time is where its numbers begin.
    const first = since === undefined ? 0 : Number(this.#sql.firstSince.get(since)?.['sequence'] ?? to);
    const low = Math.max(from, first - 1);
    const width = isIndexed ? to - low : this.#window;
    for (let done = 0; low + done < to - 1; done += width) {
      if (done > 0) await nextTurn();
      const start = fromEnd ? Math.max(low, to - 1 - done - width) : low + done;
      const end = fromEnd ? to - done : Math.min(to, low + done + width + 1);
      yield [start, end];
    }
  }

  #last(): number {
    return Number(this.#sql.last.get()?.['seq'] ?? 0);
  }

  /** Returns the oldest place from which every change can be read. */
  #beforeOldest(): number {
    return Number(this.#sql.oldest.get()?.['oldest'] ?? this.#last() + 1) - 1;
  }

  /** Throws {@link ChangesExpired} if a change after the place was deleted, or is of a file that was lost. */
  #sequenceOf({ epoch, sequence }: ChangePlace): number {
    const oldest = this.#beforeOldest();
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
    firstSince: db.prepare('SELECT sequence FROM changes WHERE at >= ? ORDER BY at, sequence LIMIT 1'),
    lastAt: db.prepare('SELECT at FROM changes ORDER BY sequence DESC LIMIT 1'),
    oldest: db.prepare('SELECT min(sequence) AS oldest FROM changes'),
    deleteBefore: db.prepare(
      'DELETE FROM changes WHERE sequence IN (SELECT sequence FROM changes WHERE at < ? ORDER BY at LIMIT ?)',
    ),
  };
}

function whereOf({ kinds, msns, merchants, productOrders }: ChangeConditions) {
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
  return { where: parts.join(''), values, isIndexed: Boolean(msns || merchants || productOrders) };
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
