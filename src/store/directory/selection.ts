import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MerchantConditions, TextCondition, UnitConditions } from '../../directory/directory-index.ts';
import type { SearchQuery } from '../../directory/search-query.ts';
import { type BusinessIdentifier, businessKey } from '../../upstream/models/identifiers.ts';
import type { Columns } from './columns.ts';
import { flagMask } from './flags.ts';
import { UNREADABLE } from './records.ts';
import {
  type Bits,
  merchantSearch,
  type Selection,
  toBits,
  unitSearch,
  type WordSearch,
} from './word-search.ts';
import { lowerOf, type Vocabulary } from './words.ts';

type Table = 'units' | 'merchants';

/** Finds the rows that match. */
export class Selector {
  readonly #db: DatabaseSync;
  readonly #columns: Columns;
  readonly #search: { readonly units: WordSearch; readonly merchants: WordSearch };
  readonly #statements = new Map<string, StatementSync>();

  constructor(
    db: DatabaseSync,
    columns: Columns,
    words: { readonly unit: Vocabulary; readonly merchant: Vocabulary },
  ) {
    this.#db = db;
    this.#columns = columns;
    this.#search = {
      units: unitSearch(db, columns, words.unit),
      merchants: merchantSearch(db, words.merchant),
    };
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
    return search(bits, query, this.#search.units);
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
    return search(bits, query, this.#search.merchants);
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

function search(bits: Bits, query: SearchQuery | undefined, words: WordSearch): Selection {
  if (query && query.terms.length > 0) return words.search(bits, query.terms);
  const ids: number[] = [];
  for (let id = 1; id < bits.length; id++) if (bits[id] === 1) ids.push(id);
  return { ids, terms: [], best: () => ({ inName: [], anywhere: [] }) };
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
