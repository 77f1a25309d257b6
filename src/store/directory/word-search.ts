import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SearchField, SearchTerm } from '../../directory/search-query.ts';
import { readBusinessKey } from '../../upstream/models/identifiers.ts';
import type { Columns } from './columns.ts';
import {
  asWholeWords,
  type ExpandedTerm,
  indexedNumber,
  isFound,
  spelled,
  termExpression,
  type Vocabulary,
  type Words,
} from './words.ts';

/** One byte for each id: whether the row is selected. */
export type Bits = Uint8Array;

/** What a query and a filter select. */
export interface Selection {
  readonly ids: readonly number[];
  /** How the words of the query were understood. */
  readonly terms: readonly ExpandedTerm[];
  /** Returns the rows that have the words as whole words, in their own name and in any text. None without words. */
  readonly best: () => { readonly inName: readonly number[]; readonly anywhere: readonly number[] };
}

/** Finds the rows that have every word of a query, in one of their texts. */
export interface WordSearch {
  /** `within`: the rows to choose from. At least one term. A word means what it is the beginning of; or else all that it may mean. */
  search(within: Bits, terms: readonly SearchTerm[]): Selection;
}

interface Source {
  readonly vocabulary: Vocabulary;
  /** Returns the rows that have a term, in the texts of a field or in any, by the full-text index. */
  readonly having: (term: ExpandedTerm, field: SearchField | undefined, within: Bits) => readonly number[];
  /** Returns the texts of rows. */
  readonly texts: (ids: readonly number[]) => ReadonlyMap<number, Words>;
}

/** The texts of so few rows are read sooner than the index tells which rows have a common word. */
const FEW = 200;

export function unitSearch(db: DatabaseSync, columns: Columns, vocabulary: Vocabulary): WordSearch {
  const own = indexOf(db, 'unit_words');
  const ofMerchants = indexOf(db, 'merchant_words');
  const ofUnits = db.prepare(
    `SELECT units.id, units.folded, msn, merchants.folded AS merchant, merchants.key, merchants.read_at
     FROM units LEFT JOIN merchants ON merchants.id = units.merchant WHERE units.id IN (SELECT value FROM json_each(?))`,
  );
  return wordSearch({
    vocabulary,
    having(term, field, within) {
      const isOfUnit = field === 'name' || field === 'msn';
      const isOfMerchant = field === 'merchant' || field === 'org';
      const left = within.slice();
      const found: number[] = [];
      const add = (id: number) => {
        if (left[id] === 1) found.push(id);
        left[id] = 0;
      };
      if (!isOfMerchant) for (const id of own(term, field)) add(id);
      if (isOfUnit) return found;
      for (const merchant of ofMerchants(term, field === 'merchant' ? 'name' : field))
        for (const id of columns.unitsOf(merchant)) add(id);
      return found;
    },
    texts: (ids) =>
      new Map(
        ofUnits.all(JSON.stringify(ids)).map((row) => [
          Number(row['id']),
          {
            name: spelled(String(row['folded'])),
            msn: String(row['msn']),
            ...(row['read_at'] !== null && {
              merchant: spelled(String(row['merchant'])),
              org: digitsOf(row['key']),
            }),
          },
        ]),
      ),
  });
}

export function merchantSearch(db: DatabaseSync, vocabulary: Vocabulary): WordSearch {
  const own = indexOf(db, 'merchant_words');
  const ofMerchants = db.prepare(
    'SELECT id, folded, key, read_at FROM merchants WHERE id IN (SELECT value FROM json_each(?))',
  );
  return wordSearch({
    vocabulary,
    having(term, field, within) {
      // A merchant has no number of a unit.
      if (field === 'msn') return [];
      return own(term, field === 'merchant' ? 'name' : field).filter((id) => within[id] === 1);
    },
    texts: (ids) =>
      new Map(
        ofMerchants.all(JSON.stringify(ids)).map((row) => {
          const name = spelled(String(row['folded']));
          const texts = row['read_at'] === null ? {} : { name, merchant: name, org: digitsOf(row['key']) };
          return [Number(row['id']), texts];
        }),
      ),
  });
}

function wordSearch({ vocabulary, having, texts }: Source): WordSearch {
  return {
    search(within, terms) {
      let known: ReadonlyMap<number, Words> = new Map();
      const withTexts = (ids: readonly number[], wanted: readonly ExpandedTerm[], field?: SearchField) => {
        if (!ids.every((id) => known.has(id))) known = texts(ids);
        return ids.filter((id) => {
          const found = known.get(id);
          return found !== undefined && wanted.every((term) => isFound(term, found, term.field ?? field));
        });
      };
      const select = (wanted: readonly ExpandedTerm[], among: Bits, field?: SearchField) => {
        const [first, ...others] = wanted.toSorted(rarestFirst);
        let ids = first ? having(first, first.field ?? field, among) : [];
        for (const [at, term] of others.entries()) {
          if (ids.length <= FEW) return withTexts(ids, others.slice(at), field);
          ids = having(term, term.field ?? field, toBits(ids, among.length));
        }
        return ids;
      };
      let expanded = vocabulary.expand(terms, false);
      let ids = select(expanded, within);
      if (ids.length === 0) {
        expanded = vocabulary.expand(terms, true);
        ids = select(expanded, within);
      }
      return {
        ids,
        terms: expanded,
        best: () => {
          const whole = terms.map(asWholeWords);
          const best = (from: readonly number[], field?: SearchField) =>
            ids.length <= FEW
              ? withTexts(from, whole, field)
              : select(whole, toBits(from, within.length), field);
          const anywhere = best(ids);
          return { inName: best(anywhere, 'name'), anywhere };
        },
      };
    },
  };
}

/** Numbers and long words leave the fewest rows for the other terms. */
const rarestFirst = (left: SearchTerm, right: SearchTerm) => rarity(right) - rarity(left);
const rarity = ({ words }: SearchTerm) => {
  const text = words.join('');
  return text.length + (/^\d/.test(text) ? MUCH_RARER : 0);
};
const MUCH_RARER = 100;

/** Returns how to ask a full-text index which rows have a term, in a column or in any. */
function indexOf(db: DatabaseSync, table: string) {
  const matches: StatementSync = db.prepare(
    `SELECT json_group_array(rowid) AS ids FROM ${table} WHERE ${table} MATCH ?`,
  );
  return (term: ExpandedTerm, column: string | undefined): readonly number[] =>
    JSON.parse(String(matches.get(termExpression(term, column))?.['ids']));
}

/** Returns a byte for each id below `end`. */
export function toBits(ids: readonly number[], end: number): Bits {
  const bits = new Uint8Array(end);
  for (const id of ids) bits[id] = 1;
  return bits;
}

const digitsOf = (key: unknown) =>
  typeof key === 'string' ? indexedNumber(readBusinessKey(key)?.value ?? '') : '';
