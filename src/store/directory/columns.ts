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
export type Order = keyof typeof orders;

/**
 * The columns that filters, counts and orders need, in memory: some 30 bytes for each unit. A filter, a count or a page of a
 * hundred thousand units then takes a millisecond, where SQLite would need a hundred.
 */
export class Columns {
  readonly units = new UnitColumns();
  readonly merchants = new MerchantColumns();
  readonly #db: DatabaseSync;
  readonly #orders = new Map<Order | 'unitsByMerchantName', Int32Array>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    for (const row of db
      .prepare('SELECT id, merchant, flags, capture, read_at FROM units WHERE removed_at IS NULL')
      .iterate())
      this.setUnit({
        id: Number(row['id']),
        merchant: row['merchant'] === null ? null : Number(row['merchant']),
        flags: Number(row['flags']),
        capture: row['capture'] as string | null,
        readAt: row['read_at'] as number | null,
      });
    for (const row of db.prepare('SELECT id, country, status, read_at FROM merchants').iterate())
      this.setMerchant({
        id: Number(row['id']),
        country: row['country'] as string | null,
        status: row['status'] as string | null,
        isRead: row['read_at'] !== null,
      });
  }

  setUnit({ id, merchant, flags, capture, readAt }: UnitValues): void {
    const { units } = this;
    units.grow(id);
    units.live[id] = 1;
    units.read[id] = readAt === null ? 0 : 1;
    units.readAt[id] = readAt ?? 0;
    if (units.merchant[id] !== (merchant ?? 0)) this.#orders.delete('unitsByMerchantName');
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

  /** Returns the ids of all rows, removed ones too, in their order. */
  order(name: Order | 'unitsByMerchantName'): Int32Array {
    const known = this.#orders.get(name);
    if (known) return known;
    const ids = name === 'unitsByMerchantName' ? this.#byMerchantName() : this.#idsOf(orders[name]);
    this.#orders.set(name, ids);
    return ids;
  }

  /** Units without a known merchant come last. */
  #byMerchantName(): Int32Array {
    const merchantRank = new Int32Array(this.merchants.end).fill(this.merchants.end);
    for (const [rank, id] of this.order('merchantsByName').entries())
      if (this.merchants.read[id]) merchantRank[id] = rank;
    const unitRank = new Int32Array(this.units.end);
    const byName = this.order('unitsByName');
    for (const [rank, id] of byName.entries()) unitRank[id] = rank;
    const { merchant } = this.units;
    const rankOf = (id: number) =>
      (merchant[id] ? merchantRank[merchant[id]] : undefined) ?? this.merchants.end;
    return byName
      .slice()
      .sort((left, right) => rankOf(left) - rankOf(right) || (unitRank[left] ?? 0) - (unitRank[right] ?? 0));
  }

  #idsOf(sql: string): Int32Array {
    const row = this.#db.prepare(`SELECT json_group_array(id) AS ids FROM (${sql})`).get();
    return Int32Array.from(JSON.parse(String(row?.['ids'])) as number[]);
  }
}
