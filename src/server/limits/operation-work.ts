import type { RowSize, Work } from '../../resolvers/context.ts';
import { isPromise } from '../../resolvers/maybe-promise.ts';
import type { Cancellation } from '../../upstream/cancellation.ts';
import { OperationTooExpensive } from '../errors/request-errors.ts';
import { objectsPerTurn, type TakesTurns } from './turns.ts';

/** What an operation may do before it takes turns with others. Most operations stay below. */
const FREE_UNITS = 1_000;
/** With this many rows of 20 fields, an operation stays within {@link FREE_UNITS}. */
export const SMALL_ROWS = FREE_UNITS / 20;
/** Scanning a row takes less than a tenth of the time of completing one of its fields. */
const SCANNED_PER_UNIT = 10;

/** The actual work of one operation, independent of the estimate. */
export class OperationWork implements Work {
  isSmall = false;
  /** Rows produced so far. */
  rows = 0;
  /** Rows that were scanned and not returned. */
  scanned = 0;
  #units = 0;
  readonly #maxRows: number;
  readonly #turns: TakesTurns;
  readonly #end: Cancellation;

  /** `end` is cancelled by the deadline or when the client leaves. Then nothing more is produced. */
  constructor(maxRows: number, turns: TakesTurns, end: Cancellation) {
    this.#maxRows = maxRows;
    this.#turns = turns;
    this.#end = end;
  }

  list<T>(rows: readonly T[], size: RowSize): readonly (T | Promise<T>)[] {
    this.rows += rows.length * size.rows;
    if (this.rows > this.#maxRows) throw new OperationTooExpensive('returnedRows');
    // Rows that wait may all wait for one answer, so each takes its turn when it is there.
    if (!rows.some(isPromise)) return this.#spread(rows, size);
    if (this.isSmall) return rows;
    const known = this.#spread(
      rows.filter((row) => !isPromise(row)),
      size,
    ).values();
    return rows.map((row) =>
      isPromise(row) ? handled(row.then((one) => this.object(one as T, size))) : (known.next().value as T),
    );
  }

  #spread<T>(rows: readonly T[], { fields }: RowSize): readonly (T | Promise<T>)[] {
    if (this.#mayGoOn(rows.length * fields)) return rows;
    const slice = objectsPerTurn(fields);
    const spread: Promise<T>[] = [];
    let turn = Promise.resolve();
    for (let start = 0; start < rows.length; start += slice) {
      turn = turn.then(() => this.#turn(slice * fields));
      const current = turn;
      for (const row of rows.slice(start, start + slice)) spread.push(after(current, row));
    }
    return spread;
  }

  object<T>(value: T, { fields }: RowSize): T | Promise<T> {
    return value == null || this.#mayGoOn(fields) ? value : after(this.#turn(fields), value);
  }

  scan(rows: number): Promise<void> | undefined {
    this.scanned += rows;
    const units = rows / SCANNED_PER_UNIT;
    return this.#mayGoOn(units) ? undefined : this.#turn(units);
  }

  #mayGoOn(units: number): boolean {
    this.#units += units;
    return this.#units <= FREE_UNITS || this.#turns.take(units);
  }

  async #turn(units: number): Promise<void> {
    await this.#turns.next(units);
    if (this.#end.reason) throw this.#end.reason;
  }
}

function after<T>(turn: Promise<void>, row: T): Promise<T> {
  return handled(turn.then(() => row));
}

/** The executor may have abandoned the list by then, and a rejection that nobody handles would end the process. */
function handled<T>(row: Promise<T>): Promise<T> {
  row.catch(() => {});
  return row;
}
