import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MerchantConditions, TextCondition, UnitConditions } from '../../directory/directory-index.ts';
import type { SearchQuery, SearchTerm } from '../../directory/search-query.ts';
import { type BusinessIdentifier, businessKey } from '../../upstream/models/identifiers.ts';
import type { Columns } from './columns.ts';
import { flagMask } from './flags.ts';
import { UNREADABLE } from './records.ts';
import { asWholeWords, type ExpandedTerm, lowerOf, termExpression, type Vocabulary } from './words.ts';

/** One byte for each id: whether the row is selected. */
export type Bits = Uint8Array;

/** What a query and a filter select. */
export interface Selection {
  readonly bits: Bits;
  /** How the words of the query were understood. */
  readonly terms: readonly ExpandedTerm[];
  /** Returns the rows that have the words as whole words, in their own name and in any text; undefined without words. */
  readonly best: () => { readonly inName: Bits; readonly anywhere: Bits } | undefined;
}

type Table = 'units' | 'merchants';

/** Finds the rows that match. */
export class Selector {
  readonly #db: DatabaseSync;
  readonly #columns: Columns;
  readonly #words: { readonly unit: Vocabulary; readonly merchant: Vocabulary };
  readonly #statements = new Map<string, StatementSync>();

  constructor(
    db: DatabaseSync,
    columns: Columns,
    words: { readonly unit: Vocabulary; readonly merchant: Vocabulary },
  ) {
    this.#db = db;
    this.#columns = columns;
    this.#words = words;
  }

  units(filter: UnitConditions, query: SearchQuery | undefined): Selection {
    const { units, merchants } = this.#columns;
    const bits = units.live.slice(0, units.end);
    this.#textIs(bits, 'units', 'msn', filter.msn);
    this.#textIs(bits, 'units', 'name', filter.name);
    if (filter.merchantName) {
      const named = merchants.read.slice(0, merchants.end);
      this.#textIs(named, 'merchants', 'name', filter.merchantName);
      keepIf(bits, (id) => named[units.merchant[id] ?? 0] === 1);
    }
    const business = filter.businessIdentifier && this.#merchantId(filter.businessIdentifier);
    if (filter.businessIdentifier)
      keepIf(bits, (id) => units.merchant[id] === business && business !== undefined);
    const captures = [
      filter.captureType,
      query && query.captureTypes.size > 0 ? [...query.captureTypes] : undefined,
    ];
    for (const wanted of captures) keepValues(bits, wanted, units.capture, units.captures.texts);
    const countries = [
      filter.countryCode,
      query && query.countries.size > 0 ? [...query.countries] : undefined,
    ];
    for (const wanted of countries) {
      if (!wanted) continue;
      const inCountry = merchants.live.slice(0, merchants.end);
      keepValues(inCountry, wanted, merchants.country, merchants.countries.texts);
      keepIf(bits, (id) => inCountry[units.merchant[id] ?? 0] === 1);
    }
    for (const [name, value] of [...filter.flags, ...(query?.flags ?? [])]) {
      const mask = flagMask(name, value);
      keepIf(bits, (id) => ((units.flags[id] ?? 0) & mask) !== 0);
    }
    return this.#search(bits, query?.terms ?? [], this.#words.unit, (term, column) =>
      this.#unitsWith(term, column),
    );
  }

  merchants(filter: MerchantConditions, query: SearchQuery | undefined): Selection {
    const { units, merchants } = this.#columns;
    const bits = new Uint8Array(merchants.end);
    for (let id = 1; id < units.end; id++) if (units.live[id]) bits[units.merchant[id] ?? 0] = 1;
    bits[0] = 0;
    if (filter.name) keepIf(bits, (id) => merchants.read[id] === 1);
    this.#textIs(bits, 'merchants', 'name', filter.name);
    const business = filter.businessIdentifier && this.#merchantId(filter.businessIdentifier);
    if (filter.businessIdentifier) keepIf(bits, (id) => id === business);
    keepValues(bits, filter.countryCode, merchants.country, merchants.countries.texts);
    keepValues(bits, filter.status, merchants.status, merchants.statuses.texts);
    if (query && query.countries.size > 0)
      keepValues(bits, [...query.countries], merchants.country, merchants.countries.texts);
    return this.#search(bits, query?.terms ?? [], this.#words.merchant, (term, column) =>
      this.#matches('merchant_words', term, column === 'merchant' ? 'name' : column, merchants.end),
    );
  }

  /** Leaves the rows that match every term: as it is written, or else in the widest sense. */
  #search(
    bits: Bits,
    terms: readonly SearchTerm[],
    vocabulary: Vocabulary,
    rowsWith: (term: ExpandedTerm, column: string | undefined) => Bits,
  ): Selection {
    if (terms.length === 0) return { bits, terms: [], best: () => undefined };
    const select = (expanded: readonly ExpandedTerm[], from: Bits, column?: string) => {
      const found = from.slice();
      for (const term of expanded) {
        const rows = rowsWith(term, term.field ?? column);
        keepIf(found, (id) => rows[id] === 1);
      }
      return found;
    };
    let expanded = vocabulary.expand(terms, false);
    let found = select(expanded, bits);
    if (!found.includes(1)) {
      expanded = vocabulary.expand(terms, true);
      found = select(expanded, bits);
    }
    const whole = terms.map(asWholeWords);
    return {
      bits: found,
      terms: expanded,
      best: () => ({ inName: select(whole, found, 'name'), anywhere: select(whole, found) }),
    };
  }

  /** Returns the units in whose own words, or in those of whose merchants, the term is. */
  #unitsWith(term: ExpandedTerm, column: string | undefined): Bits {
    const { units, merchants } = this.#columns;
    const isOwn = column === undefined || column === 'name' || column === 'msn';
    const rows = isOwn ? this.#matches('unit_words', term, column, units.end) : new Uint8Array(units.end);
    const ofMerchant = { merchant: 'name', org: 'org' }[column ?? ''];
    if (column !== undefined && ofMerchant === undefined) return rows;
    const named = this.#matches('merchant_words', term, ofMerchant, merchants.end);
    named[0] = 0;
    for (let id = 1; id < units.end; id++) if (named[units.merchant[id] ?? 0]) rows[id] = 1;
    return rows;
  }

  #matches(table: string, term: ExpandedTerm, column: string | undefined, end: number): Bits {
    const sql = `SELECT json_group_array(rowid) AS ids FROM ${table} WHERE ${table} MATCH ?`;
    return toBits(this.#idsOf(sql, termExpression(term, column)), end);
  }

  #merchantId(identifier: BusinessIdentifier): number | undefined {
    const [id] = this.#idsOf(
      'SELECT json_group_array(id) AS ids FROM merchants WHERE key = ?',
      businessKey(identifier),
    );
    return id;
  }

  /** Leaves the rows whose text matches. Of an unreadable name, nobody knows whether it does. */
  #textIs(
    bits: Bits,
    table: Table,
    column: 'name' | 'msn',
    condition: TextCondition | null | undefined,
  ): void {
    if (!condition) return;
    const { equals, contains, startsWith } = condition;
    const lower = column === 'name' ? 'lower_name' : column;
    const keep = (sql: string, ...values: string[]) => {
      const ids = this.#idsOf(
        `SELECT json_group_array(id) AS ids FROM ${table} WHERE ${column} IS NULL OR ${sql}`,
        ...values,
      );
      const rows = toBits(ids, bits.length);
      keepIf(bits, (id) => rows[id] === 1);
    };
    const isOneOf = (texts: readonly string[]) =>
      keep(
        `(${lower} IN (SELECT value FROM json_each(?)) AND normal(${column}) IN (SELECT value FROM json_each(?)))`,
        JSON.stringify(texts.map(lowerOf)),
        JSON.stringify(texts.map((text) => text.normalize())),
      );
    if (equals != null) isOneOf([equals]);
    if (condition.in) isOneOf(condition.in);
    if (contains) keep(`instr(${lower}, ?) > 0`, lowerOf(contains));
    if (startsWith) keep(`substr(${lower}, 1, length(?)) = ?`, lowerOf(startsWith), lowerOf(startsWith));
  }

  #idsOf(sql: string, ...values: string[]): number[] {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return JSON.parse(String(statement.get(...values)?.['ids']));
  }
}

function toBits(ids: readonly number[], end: number): Bits {
  const bits = new Uint8Array(end);
  for (const id of ids) bits[id] = 1;
  return bits;
}

function keepIf(bits: Bits, passes: (id: number) => boolean): void {
  for (let id = 1; id < bits.length; id++) if (bits[id] === 1 && !passes(id)) bits[id] = 0;
}

/** Leaves the rows with one of the wanted values, and those whose value is unreadable. */
function keepValues(
  bits: Bits,
  wanted: readonly string[] | null | undefined,
  column: Uint8Array,
  texts: readonly (string | null)[],
): void {
  if (!wanted) return;
  const isWanted = texts.map((text) => text !== null && (text === UNREADABLE || wanted.includes(text)));
  keepIf(bits, (id) => isWanted[column[id] ?? 0] === true);
}
