import type { RowSize, Work } from '../../resolvers/context.ts';
import type { Cancellation } from '../../upstream/cancellation.ts';
import { OperationTooExpensive } from '../errors/request-errors.ts';
import { objectsPerTurn, type TakesTurns } from './turns.ts';

/** What every operation may do before it has to take turns with the others: most never have to. */
const FREE_UNITS = 1_000;
/** With so few rows and 20 fields each, an operation cannot use up what is free. */
export const SMALL_ROWS = FREE_UNITS / 20;
/** Looking at a row takes less than a tenth of what completing one of its fields takes. */
const SCANNED_PER_UNIT = 10;

/** The work of one operation: counted as it is done, whatever the estimate said. */
export class OperationWork implements Work {
  isSmall = false;
  /** Rows produced so far. */
  rows = 0;
  /** Rows looked at and not returned. */
  scanned = 0;
  #units = 0;
  readonly #maxRows: number;
  readonly #turns: TakesTurns;
  readonly #end: Cancellation;

  /** `end`: the deadline or the client's leaving, after which nothing more is produced. */
  constructor(maxRows: number, turns: TakesTurns, end: Cancellation) {
    this.#maxRows = maxRows;
    this.#turns = turns;
    this.#end = end;
  }

  list<T>(rows: readonly T[], { rows: rowsEach, fields }: RowSize): readonly (T | Promise<T>)[] {
    this.rows += rows.length * rowsEach;
    if (this.rows > this.#maxRows) throw new OperationTooExpensive('returnedRows');
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
  const later = turn.then(() => row);
  // The executor may have given the list up by then, and a row that fails before its turn has no reader yet.
  later.catch(() => {});
  if (row instanceof Promise) row.catch(() => {});
  return later;
}
