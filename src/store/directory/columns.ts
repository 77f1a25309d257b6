import type { DatabaseSync } from 'node:sqlite';

/** Numbers for the few different texts of a column; 0 is null. */
class Dictionary {
  readonly texts: (string | null)[] = [null];
  readonly #numbers = new Map<string | null, number>([[null, 0]]);

  numberOf(text: string | null): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}

/** The columns of one table whose values are compared for every row. Rows are addressed by their ids, which start at 1. */
class Table {
  /** Ids in use are below. */
  end = 1;
  live = new Uint8Array(1_024);
  read = new Uint8Array(1_024);

  /** Makes room for a row. */
  grow(id: number): void {
    this.end = Math.max(this.end, id + 1);
    while (this.live.length <= id) this.resize(this.live.length * 2);
  }

  protected resize(length: number): void {
    this.live = extend(this.live, length);
    this.read = extend(this.read, length);
  }
}

const extend = <T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(
  array: T,
  length: number,
): T => {
  const longer = new (array.constructor as new (length: number) => T)(length);
  longer.set(array);
  return longer;
};

class UnitColumns extends Table {
  /** Id of the merchant; 0 while it is not known. */
  merchant = new Int32Array(1_024);
  flags = new Uint16Array(1_024);
  capture = new Uint8Array(1_024);
  /** When the details were read, in milliseconds since 1970; 0 while they are not known. */
  readAt = new Float64Array(1_024);
  readonly captures = new Dictionary();

  protected override resize(length: number): void {
    super.resize(length);
    this.merchant = extend(this.merchant, length);
    this.flags = extend(this.flags, length);
    this.capture = extend(this.capture, length);
    this.readAt = extend(this.readAt, length);
  }
}

class MerchantColumns extends Table {
  country = new Uint8Array(1_024);
  status = new Uint8Array(1_024);
  readonly countries = new Dictionary();
  readonly statuses = new Dictionary();

  protected override resize(length: number): void {
    super.resize(length);
    this.country = extend(this.country, length);
    this.status = extend(this.status, length);
  }
}

export interface UnitValues {
  readonly id: number;
  readonly merchant: number | null;
  readonly flags: number;
  readonly capture: string | null;
  /** Null while the details are not known. */
  readonly readAt: number | null;
}

export interface MerchantValues {
  readonly id: number;
  readonly country: string | null;
  readonly status: string | null;
  readonly isRead: boolean;
}

/** Orders that are kept, by the index of the database that has them. */
const orders = {
  unitsByMsn: 'SELECT id FROM units ORDER BY msn_key',
  unitsByName: 'SELECT id FROM units ORDER BY name_key, msn_key',
  merchantsByName: 'SELECT id FROM merchants ORDER BY name_key, key',
  merchantsByKey: 'SELECT id FROM merchants ORDER BY key',
} as const;
export type OrderOfRows = keyof typeof orders | 'unitsByMerchantName';

/** All rows, removed ones too. */
interface RowOrder {
  /** In their order. */
  readonly ids: Int32Array;
  /** The place of each id in it. */
  readonly ranks: Int32Array;
}

/**
 * The columns that filters, counts and orders need, in memory: some 30 bytes for each unit. A filter, a count or a page of a
 * hundred thousand units then takes a millisecond, where SQLite would need a hundred.
 */
export class Columns {
  readonly units = new UnitColumns();
  readonly merchants = new MerchantColumns();
  readonly #db: DatabaseSync;
  /** The first unit of each merchant, and the next of the same merchant for each unit; 0 ends them. */
  #siblings: { readonly first: Int32Array; readonly next: Int32Array } | undefined;
  readonly #orders = new Map<OrderOfRows, RowOrder>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    const units = columnsOf(db, 'units WHERE removed_at IS NULL', [
      'id',
      'merchant',
      'flags',
      'capture',
      'read_at',
    ]);
    const [ids = [], owners = [], flags = [], captures = [], times = []] = units;
    for (const [at, id] of ids.entries())
      this.setUnit({
        id: id as number,
        merchant: owners[at] as number | null,
        flags: flags[at] as number,
        capture: captures[at] as string | null,
        readAt: times[at] as number | null,
      });
    const merchants = columnsOf(db, 'merchants', ['id', 'country', 'status', 'read_at']);
    const [keys = [], countries = [], statuses = [], reads = []] = merchants;
    for (const [at, id] of keys.entries())
      this.setMerchant({
        id: id as number,
        country: countries[at] as string | null,
        status: statuses[at] as string | null,
        isRead: reads[at] !== null,
      });
  }

  setUnit({ id, merchant, flags, capture, readAt }: UnitValues): void {
    const { units } = this;
    units.grow(id);
    units.live[id] = 1;
    units.read[id] = readAt === null ? 0 : 1;
    units.readAt[id] = readAt ?? 0;
    if (units.merchant[id] !== (merchant ?? 0)) {
      this.#orders.delete('unitsByMerchantName');
      this.#siblings = undefined;
    }
    units.merchant[id] = merchant ?? 0;
    units.flags[id] = flags;
    units.capture[id] = units.captures.numberOf(capture);
  }

  removeUnit(id: number): void {
    this.units.live[id] = 0;
  }

  setMerchant({ id, country, status, isRead }: MerchantValues): void {
    const { merchants } = this;
    merchants.grow(id);
    merchants.live[id] = 1;
    merchants.read[id] = isRead ? 1 : 0;
    merchants.country[id] = merchants.countries.numberOf(country);
    merchants.status[id] = merchants.statuses.numberOf(status);
  }

  /** Call it when a name has changed or a row was added. */
  unitOrderChanged(): void {
    for (const order of ['unitsByMsn', 'unitsByName', 'unitsByMerchantName'] as const)
      this.#orders.delete(order);
  }
  merchantOrderChanged(): void {
    for (const order of ['merchantsByName', 'merchantsByKey', 'unitsByMerchantName'] as const)
      this.#orders.delete(order);
  }

  /** Returns the ids of the units of a merchant, removed ones too. */
  unitsOf(merchant: number): number[] {
    this.#siblings ??= this.#findSiblings();
    const { first, next } = this.#siblings;
    const ids: number[] = [];
    for (let id = first[merchant] ?? 0; id !== 0; id = next[id] ?? 0) ids.push(id);
    return ids;
  }

  #findSiblings() {
    const { merchant, end } = this.units;
    const first = new Int32Array(this.merchants.end);
    const next = new Int32Array(end);
    for (let id = end - 1; id > 0; id--) {
      const owner = merchant[id] ?? 0;
      if (owner === 0) continue;
      next[id] = first[owner] ?? 0;
      first[owner] = id;
    }
    return { first, next };
  }

  /** Returns these ids in an order. */
  inOrder(name: OrderOfRows, ids: readonly number[]): number[] {
    const { ids: all, ranks } = this.#order(name);
    if (ids.length < all.length / 16)
      return ids.toSorted((left, right) => (ranks[left] ?? 0) - (ranks[right] ?? 0));
    const isWanted = new Uint8Array(ranks.length);
    for (const id of ids) isWanted[id] = 1;
    const sorted: number[] = [];
    for (const id of all) if (isWanted[id] === 1) sorted.push(id);
    return sorted;
  }

  #order(name: OrderOfRows): RowOrder {
    const known = this.#orders.get(name);
    if (known) return known;
    const ids = name === 'unitsByMerchantName' ? this.#byMerchantName() : this.#idsOf(orders[name]);
    const ranks = new Int32Array(name.startsWith('units') ? this.units.end : this.merchants.end);
    for (let rank = 0; rank < ids.length; rank++) ranks[ids[rank] ?? 0] = rank;
    const order = { ids, ranks };
    this.#orders.set(name, order);
    return order;
  }

  /** Units without a known merchant come last. */
  #byMerchantName(): Int32Array {
    const { merchants, units } = this;
    const merchantRanks = this.#order('merchantsByName').ranks;
    const byName = this.#order('unitsByName');
    const rankOf = (id: number) => {
      const merchant = units.merchant[id] ?? 0;
      return merchants.read[merchant] === 1 ? (merchantRanks[merchant] ?? 0) : merchants.end;
    };
    return byName.ids
      .slice()
      .sort(
        (left, right) =>
          rankOf(left) - rankOf(right) || (byName.ranks[left] ?? 0) - (byName.ranks[right] ?? 0),
      );
  }

  #idsOf(sql: string): Int32Array {
    const row = this.#db.prepare(`SELECT json_group_array(id) AS ids FROM (${sql})`).get();
    return Int32Array.from(JSON.parse(String(row?.['ids'])) as number[]);
  }
}

/** Returns the values of columns, each column as one list: many times faster than row by row. */
function columnsOf(db: DatabaseSync, rows: string, names: readonly string[]): (number | string | null)[][] {
  const lists = names.map((name) => `json_group_array(${name}) AS ${name}`).join(', ');
  const row = db.prepare(`SELECT ${lists} FROM ${rows}`).get();
  return names.map((name) => JSON.parse(String(row?.[name])));
}
