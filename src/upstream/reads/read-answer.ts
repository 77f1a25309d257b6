import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { Observer } from '../../telemetry/observer.ts';
import { UpstreamContractError } from '../errors.ts';
import type { Row } from '../row.ts';

/** How an object of the upstream is read, and which of its fields are open enums. */
export interface Model<T> {
  readonly shape: z.ZodType<T>;
  /** Names the fields of a row that could not be read and are null, when there may be some. */
  readonly broken?: (value: T) => readonly string[];
  readonly openEnums: readonly ((value: T) => [field: string, value: string | undefined])[];
}

/** One object. Throws {@link UpstreamContractError} when it is not what the contract says. */
export function readObject<T>(route: string, model: Model<T>, json: unknown, observer: Observer): T {
  const row = readRow(route, model, json, observer);
  if (row instanceof UpstreamContractError) throw row;
  return row;
}

/** Rows that are read in one turn of the event loop. */
const SLICE = 2_000;

/**
 * Reads a bare list row by row: a broken row is one error in its own place and not a lost list. A long list is read in
 * slices, so that the others do not wait for it.
 */
export function readList<T>(
  route: string,
  model: Model<T>,
  json: unknown,
  observer: Observer,
): Row<T>[] | Promise<Row<T>[]> {
  if (!Array.isArray(json))
    throw new UpstreamContractError('the answer is not a list', { route, status: 200 });
  // Rows that break in the same way share one error: an error holds a kilobyte or two, and a list many rows.
  const errors = new Map<string, UpstreamContractError>();
  const read = (items: readonly unknown[]) =>
    items.map((item) => {
      const row = readRow(route, model, item, observer);
      if (!(row instanceof UpstreamContractError)) return row;
      const known = errors.get(row.message);
      if (!known) errors.set(row.message, row);
      return known ?? row;
    });
  return json.length <= SLICE ? read(json) : readInSlices(json, read);
}

async function readInSlices<T>(
  items: readonly unknown[],
  read: (slice: readonly unknown[]) => Row<T>[],
): Promise<Row<T>[]> {
  const rows: Row<T>[] = [];
  for (let start = 0; start < items.length; start += SLICE) {
    await nextTurn();
    for (const row of read(items.slice(start, start + SLICE))) rows.push(row);
  }
  // Thousands of rows may wait for this list.
  await nextTurn();
  return rows;
}

function readRow<T>(
  route: string,
  { shape, openEnums, broken }: Model<T>,
  json: unknown,
  observer: Observer,
): Row<T> {
  const parsed = shape.safeParse(json);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(fieldOf))];
    for (const field of fields) observer.contractDrift(route, field);
    return new UpstreamContractError(`breaks the contract at ${fields.join(', ')}`, { route, status: 200 });
  }
  for (const openEnum of openEnums) {
    const [field, value] = openEnum(parsed.data);
    if (value === 'UNKNOWN') observer.contractDrift(route, field);
  }
  for (const field of broken?.(parsed.data) ?? []) observer.contractDrift(route, field);
  return parsed.data;
}

// Positions in a list within a row are left out: the upstream decides how many there are.
const fieldOf = ({ path }: z.core.$ZodIssue) =>
  path.filter((part) => typeof part === 'string').join('.') || 'row';
