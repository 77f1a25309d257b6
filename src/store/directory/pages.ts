import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type {
  Dated,
  Found,
  FoundMerchant,
  FoundRow,
  FoundUnit,
  IndexPage,
  MerchantPage,
  PageOrder,
  UnitFacets,
  UnitPage,
} from '../../directory/directory-index.ts';
import type { SearchQuery } from '../../directory/search-query.ts';
import { msnKeyOf, sortKeyOf } from '../../directory/sort-key.ts';
import { BROKEN } from '../../upstream/models/broken.ts';
import { type BusinessIdentifier, readBusinessKey } from '../../upstream/models/identifiers.ts';
import type { Columns, OrderOfRows } from './columns.ts';
import { flagNames, unpackFlag } from './flags.ts';
import { fromJson } from './json.ts';
import { UNREADABLE } from './records.ts';
import type { Selector } from './selection.ts';
import type { Selection } from './word-search.ts';
import { fieldsWith, foldedText, indexed, indexedNumber } from './words.ts';

type Row = Record<string, SQLOutputValue>;
/** What a row is compared by in an order. */
type Key = readonly (string | number)[];

/** More exact names than these have no order among themselves but that of names. */
const MOST_EXACT = 1_000;
const LEAST_RELEVANT = 3;

export interface PageReader {
  units(page: UnitPage): Found<FoundUnit>;
  merchants(page: MerchantPage): Found<FoundMerchant>;
  facets(request: Pick<UnitPage, 'query' | 'conditions'>): UnitFacets;
}

/** Reads pages of units and merchants. */
export function createPageReader(db: DatabaseSync, columns: Columns, selector: Selector): PageReader {
  const unitRow = db.prepare(
    `SELECT units.msn, units.name, units.name_key, units.msn_key, units.read_at, unit_details.json,
       merchants.key AS merchant, merchants.name AS merchant_name, merchants.name_key AS merchant_key,
       merchants.read_at AS merchant_read_at, merchant_details.json AS merchant_json
     FROM units LEFT JOIN unit_details ON unit_details.id = units.id LEFT JOIN merchants ON merchants.id = units.merchant
       LEFT JOIN merchant_details ON merchant_details.id = merchants.id
     WHERE units.id = ?`,
  );
  const merchantRow = db.prepare(
    `SELECT key, name, name_key, read_at, json FROM merchants LEFT JOIN merchant_details USING (id) WHERE id = ?`,
  );
  const exact = {
    units: db.prepare('SELECT id FROM units WHERE folded = ? AND id IN (SELECT value FROM json_each(?))'),
    merchants: db.prepare(
      'SELECT id FROM merchants WHERE folded = ? AND id IN (SELECT value FROM json_each(?))',
    ),
  };

  /** Returns the selected ids in order, ascending, and how relevant each is: 0 is best. */
  const ordered = (
    table: 'units' | 'merchants',
    order: OrderOfRows,
    field: string,
    { ids: selected, best: bestOf }: Selection,
    query: SearchQuery | undefined,
  ): { readonly ids: readonly number[]; readonly scores: ReadonlyMap<number, number> } => {
    const ids = columns.inOrder(order, selected);
    if (field !== 'relevance') return { ids, scores: new Map() };
    const { inName, anywhere } = bestOf();
    const scores = new Map<number, number>();
    for (const id of anywhere) scores.set(id, 2);
    for (const id of inName) scores.set(id, 1);
    const whole = foldedText(query?.terms.flatMap(({ words }) => words).join(' ') ?? '');
    for (const { id } of exact[table].all(whole, JSON.stringify(inName.slice(0, MOST_EXACT))))
      scores.set(Number(id), 0);
    const byScore: number[][] = [[], [], [], []];
    for (const id of ids) byScore[scores.get(id) ?? LEAST_RELEVANT]?.push(id);
    return { ids: byScore.flat(), scores };
  };

  /** Cuts a page of ids in ascending order. */
  const cut = <T extends FoundRow>(
    ascending: readonly number[],
    request: IndexPage<unknown, string>,
    keyOf: (id: number) => Key,
    readKey: (key: readonly string[]) => Key,
    rowOf: (id: number) => T,
  ): Found<T> => {
    const { order, size, fromEnd, after, before } = request;
    const total = ascending.length;
    const idAt = (index: number) => ascending[order.descending ? total - 1 - index : index] as number;
    const sign = order.descending ? -1 : 1;
    /** Returns the index of the first row at a key, or after it. */
    const firstFrom = (key: Key, beyond: 0 | 1) => {
      let low = 0;
      let high = total;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (sign * compare(keyOf(idAt(middle)), key) < beyond) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const start = after ? firstFrom(readKey(after), 1) : 0;
    const end = before ? Math.max(start, firstFrom(readKey(before), 0)) : total;
    const from = fromEnd ? Math.max(start, end - size) : start;
    const to = fromEnd ? end : Math.min(end, start + size);
    const rows: T[] = [];
    for (let index = from; index < to; index++) rows.push(rowOf(idAt(index)));
    return { rows, totalCount: total, hasPreviousPage: from > 0, hasNextPage: to < total };
  };

  return {
    units(request) {
      const selection = selector.units(request.conditions, request.query);
      const order = unitOrder(request.order);
      const { ids, scores } = ordered('units', order.index, order.field, selection, request.query);
      const keyOf = (id: number): Key => {
        const row = unitRow.get(id) as Row;
        const own = [String(row['name_key']), String(row['msn_key'])];
        if (order.field === 'msn') return [String(row['msn_key'])];
        if (order.field === 'merchantName') return [merchantPlace(row), ...own];
        return order.field === 'relevance' ? [scores.get(id) ?? LEAST_RELEVANT, ...own] : own;
      };
      const readKey = (key: readonly string[]): Key => {
        const own = [sortKeyOf(key.at(-2) ?? ''), msnKeyOf(key.at(-1) ?? '')];
        if (order.field === 'msn') return [msnKeyOf(key[0] ?? '')];
        if (order.field === 'merchantName') return [key[0] ?? '', ...own];
        return order.field === 'relevance' ? [Number(key[0]), ...own] : own;
      };
      return cut(ids, request, keyOf, readKey, (id) => {
        const row = unitRow.get(id) as Row;
        const msn = String(row['msn']);
        const name = textOf(row['name']);
        const own = [name ?? '', msn];
        const first =
          order.field === 'merchantName' ? merchantPlace(row) : String(scores.get(id) ?? LEAST_RELEVANT);
        return {
          // As the caller named the order, so that a cursor has as many parts as it should.
          key: request.order.field === 'msn' ? [msn] : request.order.field === 'name' ? own : [first, ...own],
          matchedOn: fieldsWith(selection.terms, {
            name: indexed(name),
            msn,
            merchant: indexed(textOf(row['merchant_name'])),
            org: digitsOf(row['merchant']),
          }),
          msn,
          name: name ?? BROKEN,
          details: dated(row['json'], row['read_at']),
          merchant: dated(row['merchant_json'], row['merchant_read_at']),
        };
      });
    },

    merchants(request) {
      const selection = selector.merchants(request.conditions, request.query);
      const { field } = request.order;
      const isByKey = field === 'businessIdentifier';
      const order = isByKey ? 'merchantsByKey' : 'merchantsByName';
      const { ids, scores } = ordered('merchants', order, field, selection, request.query);
      const keyOf = (id: number): Key => {
        const row = merchantRow.get(id) as Row;
        const own = [String(row['name_key']), String(row['key'])];
        if (isByKey) return [String(row['key'])];
        return field === 'relevance' ? [scores.get(id) ?? LEAST_RELEVANT, ...own] : own;
      };
      const readKey = (key: readonly string[]): Key => {
        const own = [sortKeyOf(key.at(-2) ?? ''), key.at(-1) ?? ''];
        if (isByKey) return [key[0] ?? ''];
        return field === 'relevance' ? [Number(key[0]), ...own] : own;
      };
      return cut(ids, request, keyOf, readKey, (id) => {
        const row = merchantRow.get(id) as Row;
        const key = String(row['key']);
        const name = textOf(row['name']);
        const own = [name ?? '', key];
        return {
          key: isByKey
            ? [key]
            : field === 'relevance'
              ? [String(scores.get(id) ?? LEAST_RELEVANT), ...own]
              : own,
          matchedOn: fieldsWith(selection.terms, { name: indexed(name), org: digitsOf(key) }),
          identifier: readBusinessKey(key) as BusinessIdentifier,
          merchant: dated(row['json'], row['read_at']),
        };
      });
    },

    facets: ({ query, conditions }) => countFacets(selector.units(conditions, query).ids, columns),
  };
}

/** The index of an order. What is equally relevant is ordered by name. */
function unitOrder({ field }: PageOrder<UnitPage['order']['field']>) {
  if (field === 'msn') return { index: 'unitsByMsn', field } as const;
  if (field === 'merchantName') return { index: 'unitsByMerchantName', field } as const;
  return { index: 'unitsByName', field } as const;
}

/** Where a unit is in the order of merchants' names: those without a known merchant come last. */
const merchantPlace = (row: Row) =>
  row['merchant_read_at'] === null ? '\u{10ffff}' : String(row['merchant_key']);

function compare(left: Key, right: Key): number {
  for (const [index, part] of left.entries()) {
    const other = right[index] as string | number;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

function countFacets(ids: readonly number[], { units, merchants }: Columns): UnitFacets {
  const captures = new Uint32Array(units.captures.texts.length);
  const countries = new Uint32Array(merchants.countries.texts.length);
  const packed = new Map<number, number>();
  for (const id of ids) {
    if (units.read[id] !== 1) continue;
    const flags = units.flags[id] ?? 0;
    captures[units.capture[id] ?? 0] = (captures[units.capture[id] ?? 0] ?? 0) + 1;
    const country = merchants.country[units.merchant[id] ?? 0] ?? 0;
    countries[country] = (countries[country] ?? 0) + 1;
    packed.set(flags, (packed.get(flags) ?? 0) + 1);
  }
  const flags = new Map(flagNames.map((name) => [name, new Map<boolean | null, number>()]));
  for (const [value, count] of packed)
    for (const [index, name] of flagNames.entries()) {
      const counts = flags.get(name);
      const flag = unpackFlag(value, index);
      counts?.set(flag, (counts.get(flag) ?? 0) + count);
    }
  return {
    captureType: countsOf(units.captures.texts, captures),
    countryCode: countsOf(merchants.countries.texts, countries),
    flags,
  };
}

const countsOf = (texts: readonly (string | null)[], counts: Uint32Array): ReadonlyMap<string, number> =>
  new Map(
    texts.flatMap((text, number) => {
      const count = counts[number] ?? 0;
      return text === null || text === UNREADABLE || count === 0 ? [] : [[text, count] as const];
    }),
  );

const textOf = (value: SQLOutputValue | undefined) => (typeof value === 'string' ? value : undefined);
const digitsOf = (key: SQLOutputValue | undefined) =>
  typeof key === 'string' ? indexedNumber(readBusinessKey(key)?.value ?? '') : '';

const dated = <T>(
  json: SQLOutputValue | undefined,
  readAt: SQLOutputValue | undefined,
): Dated<T | null> | undefined =>
  typeof json === 'string' && readAt != null
    ? { value: fromJson<T | null>(json), readAt: Number(readAt) }
    : undefined;
