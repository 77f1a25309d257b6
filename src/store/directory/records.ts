import type { DatabaseSync } from 'node:sqlite';
import type { ChangeKind, FieldChange } from '../../directory/changes/change.ts';
import { differences } from '../../directory/changes/differences.ts';
import type { DueRead } from '../../directory/directory-index.ts';
import { msnKeyOf, sortKeyOf } from '../../directory/sort-key.ts';
import { BROKEN, unlessBroken } from '../../upstream/models/broken.ts';
import { type BusinessIdentifier, businessKey } from '../../upstream/models/identifiers.ts';
import type { Merchant } from '../../upstream/models/merchant.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../../upstream/models/sales-unit.ts';
import type { ChangeLog } from './change-log.ts';
import type { Columns } from './columns.ts';
import { packFlags } from './flags.ts';
import { fromJson, toJson } from './json.ts';
import { foldedText, indexed, indexedNumber, lowerOf, type Vocabulary } from './words.ts';

/** A value that cannot be read. Every filter finds it, since nobody knows what it is. */
export const UNREADABLE = '\u0000';

interface UnitRow {
  readonly id: number;
  readonly name: string | null;
  readonly merchant: number | null;
  readonly capture: string | null;
  readonly flags: number;
  readonly read_at: number | null;
  readonly removed_at: number | null;
  readonly is_shown: number;
}
/** A unit that the last list lacked. */
interface UnconfirmedRow {
  readonly id: number;
  readonly msn: string;
  readonly name: string | null;
  readonly merchant: number | null;
  readonly is_shown: number;
}
interface MerchantRow {
  readonly id: number;
  readonly name: string | null;
  readonly read_at: number | null;
  readonly is_shown: number;
}

export interface RecordsOptions {
  readonly changes: ChangeLog;
  readonly columns: Columns;
  /** The words that units are found by: their own and those of merchants. */
  readonly unitWords: Vocabulary;
  readonly merchantWords: Vocabulary;
  /** When a record that was read at a time must be read again. */
  readonly nextRead: (readAt: number) => number;
}

/** Keeps answers of the upstream as rows. Each method runs within a transaction of its caller. */
export class Records {
  readonly #options: RecordsOptions;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync, options: RecordsOptions) {
    this.#options = options;
    this.#sql = prepare(db);
  }

  /** Stores names of units. Returns the ids of their rows. */
  listed(rows: readonly SalesUnitSummary[], readAt: number): number[] {
    return rows.map((row) => {
      const known = this.#named(row);
      const after = unlessBroken(row.name);
      if (known.is_shown && known.name !== null && after !== undefined && after !== known.name)
        this.#add('SALES_UNIT_CHANGED', row.msn, known.merchant, readAt, [
          { name: 'name', before: known.name, after },
        ]);
      return known.id;
    });
  }

  /** Marks units that the list no longer has. Their rows stay, and no change is recorded until a later list confirms it. */
  remove(ids: readonly number[], at: number): void {
    for (const id of ids) {
      this.#sql.removeUnit.run(at, id);
      this.#options.columns.removeUnit(id);
    }
  }

  /**
   * Records the removal of units that have been missing since a time or longer, at most `most` of them. Returns whether there
   * may be more.
   */
  confirmRemovals(at: number, missingSince: number, most: number): boolean {
    const rows = this.#sql.unconfirmed.all(missingSince, most);
    for (const row of rows) {
      const { id, msn, name, merchant, is_shown } = row as unknown as UnconfirmedRow;
      this.#sql.confirmRemoval.run(id);
      if (is_shown)
        this.#add(
          'SALES_UNIT_REMOVED',
          msn,
          merchant,
          at,
          differences('salesUnit', this.#detailsOf({ id, name }), undefined),
        );
      if (merchant !== null) this.#mayHaveGone(merchant, at);
    }
    return rows.length === most;
  }

  listRead(at: number): void {
    this.#sql.setMeta.run('listReadAt', String(at));
  }

  salesUnit(msn: string, value: SalesUnitDetails | null, readAt: number): void {
    const known = this.#sql.unitByMsn.get(msn) as UnitRow | undefined;
    // A unit that is not on the list is not visible to the tenant, or is newer than the list.
    if (!known || known.removed_at !== null || (known.read_at ?? 0) > readAt) return;
    const before = known.is_shown ? this.#detailsOf(known) : undefined;
    const { id } = value ? this.#named(value) : known;
    const identifier = value ? unlessBroken(value.businessIdentifier) : undefined;
    const merchant = identifier ? this.#merchantRow(identifier).id : null;
    const configuration = value?.configuration;
    const capture = configuration === undefined ? null : captureOf(configuration);
    const flags = configuration === undefined ? 0 : packFlags(configuration);
    this.#sql.detailUnit.run(merchant, capture, flags, readAt, this.#options.nextRead(readAt), id);
    this.#sql.setUnitDetails.run(id, toJson(value));
    this.#options.columns.setUnit({ id, merchant, flags, capture, readAt });
    const fields = differences('salesUnit', before, value ?? undefined);
    const kind = !value ? 'SALES_UNIT_REMOVED' : known.is_shown ? 'SALES_UNIT_CHANGED' : 'SALES_UNIT_ADDED';
    if (fields.length > 0) this.#add(kind, msn, merchant ?? known.merchant, readAt, fields);
    if (known.is_shown !== Number(Boolean(value))) this.#sql.showUnit.run(value ? 1 : 0, id);
    if (merchant !== null && (merchant !== known.merchant || !known.is_shown))
      this.#mayHaveCome(merchant, readAt);
    if (known.merchant !== null && merchant !== known.merchant) this.#mayHaveGone(known.merchant, readAt);
  }

  merchant(identifier: BusinessIdentifier, value: Merchant | null, readAt: number): void {
    const { columns, merchantWords, unitWords, nextRead } = this.#options;
    const { id, name: nameBefore, read_at: readBefore, is_shown } = this.#merchantRow(identifier);
    if ((readBefore ?? 0) > readAt) return;
    const before = is_shown ? this.#merchantDetails(id) : undefined;
    const name = (value && unlessBroken(value.name)) ?? null;
    const country = (value && unlessBroken(value.countryCode)) ?? countryOf(identifier);
    const status = value && (value.status === BROKEN ? UNREADABLE : value.status);
    this.#sql.setMerchant.run(...textsOf(name), country, status, readAt, nextRead(readAt), id);
    this.#sql.setMerchantDetails.run(id, toJson(value));
    columns.setMerchant({ id, country, status, isRead: true });
    if (value && !is_shown) this.#mayHaveCome(id, readAt);
    if (!value) this.#sql.showMerchant.run(0, id);
    const fields = before ? differences('merchant', before, value ?? undefined) : [];
    if (fields.length > 0)
      this.#options.changes.add({
        kind: value ? 'MERCHANT_CHANGED' : 'MERCHANT_REMOVED',
        at: readAt,
        merchant: businessKey(identifier),
        fields,
      });
    if (readBefore !== null && name === nameBefore) return;
    const words = indexed(name ?? undefined);
    const number = indexedNumber(identifier.value);
    this.#sql.indexMerchant.run(id, words, number);
    for (const vocabulary of [merchantWords, unitWords]) {
      vocabulary.add(words);
      vocabulary.addNumber(number);
    }
    columns.merchantOrderChanged();
  }

  /** Stores a whole answer, for {@link DirectoryIndex.list}. */
  list(path: string, value: unknown, readAt: number): void {
    this.#sql.setAnswer.run(path, toJson(value), readAt);
  }

  #add(
    kind: ChangeKind,
    msn: string,
    merchant: number | null,
    at: number,
    fields: readonly FieldChange[],
  ): void {
    const key = merchant === null ? undefined : this.#merchantKey(merchant);
    this.#options.changes.add({ kind, at, msn, merchant: key, fields });
  }

  /** Returns a unit as the feed last showed it: its details, with the name from the last list. */
  #detailsOf({ id, name }: Pick<UnitRow, 'id' | 'name'>): SalesUnitDetails | undefined {
    const json = this.#sql.unitDetails.get(id)?.['json'];
    const details = typeof json === 'string' ? fromJson<SalesUnitDetails | null>(json) : null;
    return details ? { ...details, name: name ?? BROKEN } : undefined;
  }

  #merchantDetails(id: number): Merchant | undefined {
    const json = this.#sql.merchantDetails.get(id)?.['json'];
    return (typeof json === 'string' ? fromJson<Merchant | null>(json) : null) ?? undefined;
  }

  #merchantKey(id: number): string {
    return String(this.#sql.merchantKey.get(id)?.['key']);
  }

  /** Records a merchant as added, once it has a unit and its details are known. */
  #mayHaveCome(id: number, at: number): void {
    const isShown = this.#sql.isMerchantShown.get(id)?.['is_shown'] === 1;
    if (isShown || !this.#sql.hasUnit.get(id)) return;
    const details = this.#merchantDetails(id);
    if (!details) return;
    this.#sql.showMerchant.run(1, id);
    const fields = differences('merchant', undefined, details);
    this.#options.changes.add({ kind: 'MERCHANT_ADDED', at, merchant: this.#merchantKey(id), fields });
  }

  /** Records a merchant as removed, once its last unit is gone. */
  #mayHaveGone(id: number, at: number): void {
    const isShown = this.#sql.isMerchantShown.get(id)?.['is_shown'] === 1;
    if (!isShown || this.#sql.hasUnit.get(id)) return;
    this.#sql.showMerchant.run(0, id);
    const fields = differences('merchant', this.#merchantDetails(id), undefined);
    this.#options.changes.add({ kind: 'MERCHANT_REMOVED', at, merchant: this.#merchantKey(id), fields });
  }

  postpone(read: DueRead, until: number): void {
    if (read.kind === 'salesUnit') this.#sql.postponeUnit.run(until, read.msn);
    else this.#sql.postponeMerchant.run(until, businessKey(read.identifier));
  }

  /** Stores the name of a unit. */
  #named({ msn, name: leaf }: SalesUnitSummary): UnitRow {
    const { columns } = this.#options;
    const name = unlessBroken(leaf) ?? null;
    const known = this.#sql.unitByMsn.get(msn) as UnitRow | undefined;
    if (!known) {
      const id = Number(this.#sql.addUnit.run(msn, msnKeyOf(msn), ...textsOf(name)).lastInsertRowid);
      this.#indexUnit(id, msn, name);
      columns.setUnit({ id, merchant: null, flags: 0, capture: null, readAt: null });
      return {
        id,
        name,
        merchant: null,
        capture: null,
        flags: 0,
        read_at: null,
        removed_at: null,
        is_shown: 0,
      };
    }
    const { id, merchant, flags, capture, read_at } = known;
    if (known.removed_at !== null) {
      this.#sql.restoreUnit.run(id);
      columns.setUnit({ id, merchant, flags, capture, readAt: read_at });
    }
    if (known.name !== name) {
      this.#sql.nameUnit.run(...textsOf(name), id);
      this.#indexUnit(id, msn, name);
    }
    return known;
  }

  #indexUnit(id: number, msn: string, name: string | null): void {
    const { columns, unitWords } = this.#options;
    const words = indexed(name ?? undefined);
    this.#sql.indexUnit.run(id, words, msn);
    unitWords.add(words);
    unitWords.addNumber(msn);
    columns.unitOrderChanged();
  }

  #merchantRow(identifier: BusinessIdentifier): MerchantRow {
    const key = businessKey(identifier);
    const known = this.#sql.merchantByKey.get(key) as MerchantRow | undefined;
    if (known) return known;
    const country = countryOf(identifier);
    const id = Number(this.#sql.addMerchant.run(key, country).lastInsertRowid);
    this.#options.columns.setMerchant({ id, country, status: null, isRead: false });
    this.#options.columns.merchantOrderChanged();
    return { id, name: null, read_at: null, is_shown: 0 };
  }
}

function prepare(db: DatabaseSync) {
  return {
    unitByMsn: db.prepare(
      'SELECT id, name, merchant, capture, flags, read_at, removed_at, is_shown FROM units WHERE msn = ?',
    ),
    addUnit: db.prepare(
      `INSERT INTO units (msn, msn_key, name, lower_name, name_key, folded, next_at) VALUES (?, ?, ?, ?, ?, ?, 0)`,
    ),
    nameUnit: db.prepare('UPDATE units SET name = ?, lower_name = ?, name_key = ?, folded = ? WHERE id = ?'),
    restoreUnit: db.prepare('UPDATE units SET removed_at = NULL, next_at = 0, unconfirmed = 0 WHERE id = ?'),
    removeUnit: db.prepare('UPDATE units SET removed_at = ?, unconfirmed = 1 WHERE id = ?'),
    detailUnit: db.prepare(
      'UPDATE units SET merchant = ?, capture = ?, flags = ?, read_at = ?, next_at = ? WHERE id = ?',
    ),
    setUnitDetails: db.prepare('INSERT OR REPLACE INTO unit_details (id, json) VALUES (?, ?)'),
    indexUnit: db.prepare('INSERT OR REPLACE INTO unit_words (rowid, name, msn) VALUES (?, ?, ?)'),
    merchantByKey: db.prepare('SELECT id, name, read_at, is_shown FROM merchants WHERE key = ?'),
    // Due before anything that is known already, and after units of which nothing is.
    addMerchant: db.prepare('INSERT INTO merchants (key, country, next_at) VALUES (?, ?, 1)'),
    setMerchant: db.prepare(
      `UPDATE merchants SET name = ?, lower_name = ?, name_key = ?, folded = ?, country = ?, status = ?, read_at = ?,
         next_at = ? WHERE id = ?`,
    ),
    setMerchantDetails: db.prepare('INSERT OR REPLACE INTO merchant_details (id, json) VALUES (?, ?)'),
    indexMerchant: db.prepare('INSERT OR REPLACE INTO merchant_words (rowid, name, org) VALUES (?, ?, ?)'),
    setAnswer: db.prepare('INSERT OR REPLACE INTO answers (path, value, read_at) VALUES (?, ?, ?)'),
    unconfirmed: db.prepare(
      'SELECT id, msn, name, merchant, is_shown FROM units WHERE unconfirmed = 1 AND removed_at <= ? LIMIT ?',
    ),
    confirmRemoval: db.prepare('UPDATE units SET unconfirmed = 0, is_shown = 0 WHERE id = ?'),
    showUnit: db.prepare('UPDATE units SET is_shown = ? WHERE id = ?'),
    unitDetails: db.prepare('SELECT json FROM unit_details WHERE id = ?'),
    merchantDetails: db.prepare('SELECT json FROM merchant_details WHERE id = ?'),
    merchantKey: db.prepare('SELECT key FROM merchants WHERE id = ?'),
    isMerchantShown: db.prepare('SELECT is_shown FROM merchants WHERE id = ?'),
    showMerchant: db.prepare('UPDATE merchants SET is_shown = ? WHERE id = ?'),
    // A unit whose removal is not confirmed may come back.
    hasUnit: db.prepare(
      'SELECT 1 FROM units WHERE merchant = ? AND (removed_at IS NULL OR unconfirmed = 1) LIMIT 1',
    ),
    setMeta: db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
    postponeUnit: db.prepare('UPDATE units SET next_at = ? WHERE msn = ?'),
    postponeMerchant: db.prepare('UPDATE merchants SET next_at = ? WHERE key = ?'),
  };
}

/** The columns of a name, in the order of the tables. */
const textsOf = (name: string | null) =>
  [name, lowerOf(name ?? ''), sortKeyOf(name ?? ''), foldedText(name ?? '')] as const;

const captureOf = (configuration: SalesUnitDetails['configuration']): string | null => {
  if (configuration === BROKEN || configuration.captureType === BROKEN) return UNREADABLE;
  return configuration.captureType ?? null;
};

/** The country of a register, as `NO` in `business:NO:ORG`; null if the scheme names none. */
const countryOf = ({ scheme }: BusinessIdentifier): string | null =>
  /^business:([A-Z]{2}):/.exec(scheme)?.[1] ?? null;
