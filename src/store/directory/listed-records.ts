import type { DatabaseSync } from 'node:sqlite';
import type { ChangeKind, ChangeSubject } from '../../directory/changes/change.ts';
import { differences } from '../../directory/changes/differences.ts';
import { unlessBroken } from '../../upstream/models/broken.ts';
import { businessKey } from '../../upstream/models/identifiers.ts';
import type { PricePackage } from '../../upstream/models/price-package.ts';
import type { ProductOrder } from '../../upstream/models/product-order.ts';
import { productOrderKeys } from '../../upstream/models/product-order-key.ts';
import type { ChangeLog } from './change-log.ts';
import { fromJson, toJson } from './json.ts';

interface ListedKind<T> {
  readonly table: 'product_orders' | 'price_packages';
  readonly object: 'productOrder' | 'pricePackage';
  readonly kinds: { readonly added: ChangeKind; readonly changed: ChangeKind; readonly removed: ChangeKind };
  readonly keysOf: (rows: readonly T[]) => readonly string[];
  readonly subjectOf: (key: string, row: T, before: T | undefined) => ChangeSubject;
  /** Stores a row; `before` is what was stored of it. */
  readonly put: (key: string, row: T, before: T | undefined, at: number) => void;
}

export interface ListedAnswer<T> {
  readonly value: readonly T[];
  /** Whether a row that is not in it is gone. */
  readonly isWhole: boolean;
  /** In milliseconds since 1970. */
  readonly readAt: number;
}

/** Keeps the rows of a list, to tell what is different in the next. Runs within a transaction of its caller. */
export class ListedRecords<T extends object> {
  readonly #changes: ChangeLog;
  readonly #confirmMs: number;
  readonly #kind: ListedKind<T>;
  readonly #sql: ReturnType<typeof prepare>;
  /** When the list that is stored was read; undefined without one. */
  #readAt: number | undefined;

  constructor(db: DatabaseSync, changes: ChangeLog, confirmMs: number, kind: ListedKind<T>) {
    this.#changes = changes;
    this.#confirmMs = confirmMs;
    this.#kind = kind;
    this.#sql = prepare(db, kind.table);
    const readAt = this.#sql.readAt.get(kind.table)?.['value'];
    this.#readAt = readAt === undefined ? undefined : Number(readAt);
  }

  store({ value, isWhole, readAt }: ListedAnswer<T>): void {
    const { object, kinds, keysOf, subjectOf, put } = this.#kind;
    if (readAt < (this.#readAt ?? 0)) return;
    const known = new Map(this.#sql.all.all().map((row) => [String(row['key']), row]));
    // What the first list has was there before.
    const isFirst = this.#readAt === undefined;
    const add = (kind: ChangeKind, key: string, before: T | undefined, after: T | undefined) => {
      const fields = differences(object, before, after);
      const row = after ?? before;
      if (!isFirst && row && fields.length > 0)
        this.#changes.add({ kind, at: readAt, fields, ...subjectOf(key, row, before) });
    };
    const keys = keysOf(value);
    for (const [at, row] of value.entries()) {
      const key = keys[at] as string;
      const stored = known.get(key);
      known.delete(key);
      if (stored?.['json'] === toJson(row)) {
        if (stored['missing_since'] !== 0) this.#sql.setMissingSince.run(0, key);
        continue;
      }
      const before = stored && fromJson<T>(String(stored['json']));
      put(key, row, before, readAt);
      add(before ? kinds.changed : kinds.added, key, before, row);
    }
    if (!isWhole) return;
    for (const [key, stored] of known) {
      const missingSince = Number(stored['missing_since']);
      if (missingSince === 0) this.#sql.setMissingSince.run(readAt, key);
      else if (readAt - missingSince >= this.#confirmMs) {
        this.#sql.remove.run(key);
        add(kinds.removed, key, fromJson<T>(String(stored['json'])), undefined);
      }
    }
    this.#sql.setReadAt.run(this.#kind.table, String(readAt));
    this.#readAt = readAt;
  }
}

function prepare(db: DatabaseSync, table: string) {
  return {
    readAt: db.prepare("SELECT value FROM meta WHERE key = ? || '_read_at'"),
    setReadAt: db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (? || '_read_at', ?)"),
    all: db.prepare(`SELECT key, json, missing_since FROM ${table}`),
    setMissingSince: db.prepare(`UPDATE ${table} SET missing_since = ? WHERE key = ?`),
    remove: db.prepare(`DELETE FROM ${table} WHERE key = ?`),
  };
}

export function productOrderRecords(
  db: DatabaseSync,
  changes: ChangeLog,
  confirmMs: number,
): ListedRecords<ProductOrder> {
  const put = db.prepare(
    `INSERT INTO product_orders (key, json, first_seen_at, status_since) VALUES (?1, ?2, ?3, ?3)
     ON CONFLICT (key) DO UPDATE SET json = ?2, missing_since = 0, status_since = iif(?4, ?3, status_since)`,
  );
  return new ListedRecords<ProductOrder>(db, changes, confirmMs, {
    table: 'product_orders',
    object: 'productOrder',
    kinds: {
      added: 'PRODUCT_ORDER_ADDED',
      changed: 'PRODUCT_ORDER_CHANGED',
      removed: 'PRODUCT_ORDER_REMOVED',
    },
    keysOf: productOrderKeys,
    subjectOf(key, { businessIdentifier, salesUnit }, before) {
      const business = unlessBroken(businessIdentifier);
      // Of an order that lost its unit, the unit that it had.
      const msn = (unlessBroken(salesUnit) ?? unlessBroken(before?.salesUnit))?.msn;
      return { productOrder: key, msn, merchant: business && businessKey(business) };
    },
    put(key, row, before, at) {
      put.run(key, toJson(row), at, before?.status === row.status ? 0 : 1);
    },
  });
}

export function pricePackageRecords(
  db: DatabaseSync,
  changes: ChangeLog,
  confirmMs: number,
): ListedRecords<PricePackage> {
  const put = db.prepare(
    'INSERT INTO price_packages (key, json) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET json = ?2, missing_since = 0',
  );
  return new ListedRecords<PricePackage>(db, changes, confirmMs, {
    table: 'price_packages',
    object: 'pricePackage',
    kinds: {
      added: 'PRICE_PACKAGE_ADDED',
      changed: 'PRICE_PACKAGE_CHANGED',
      removed: 'PRICE_PACKAGE_REMOVED',
    },
    keysOf: (packages) => packages.map(({ pricePackageId }) => pricePackageId),
    subjectOf: (key) => ({ pricePackage: key }),
    put(key, row) {
      put.run(key, toJson(row));
    },
  });
}
