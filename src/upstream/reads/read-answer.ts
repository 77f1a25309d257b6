import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { Observer } from '../../telemetry/observer.ts';
import { UpstreamContractError } from '../errors.ts';
import type { Row } from '../row.ts';

/** How an upstream object is parsed, and which of its fields are open enums. */
export interface Model<T> {
  readonly shape: z.ZodType<T>;
  /** Returns the fields of a valid row that could not be read and are null. */
  readonly broken?: (value: T) => readonly string[];
  readonly openEnums: readonly ((value: T) => [field: string, value: string | undefined])[];
}

/** Returns one object. Throws {@link UpstreamContractError} when it violates the contract. */
export function readObject<T>(route: string, model: Model<T>, json: unknown, observer: Observer): T {
  const row = readRow(route, model, json, observer);
  if (row instanceof UpstreamContractError) throw row;
  return row;
}

/** Longer lists are parsed in slices. */
const LONG = 2_000;
/** Rows of a long list that are parsed in one turn of the event loop. */
const SLICE = 500;

/**
 * Returns a list row by row: an invalid row is an error in its own place and does not cost the list. A long list is
 * parsed in slices, so that other requests do not wait for it.
 */
export function readList<T>(
  route: string,
  model: Model<T>,
  json: unknown,
  observer: Observer,
): Row<T>[] | Promise<Row<T>[]> {
  if (!Array.isArray(json))
    throw new UpstreamContractError('the answer is not a list', { route, status: 200 });
  // Rows with the same violation share one error, since each error takes a kilobyte or two.
  const errors = new Map<string, UpstreamContractError>();
  const read = (items: readonly unknown[]) =>
    items.map((item) => {
      const row = readRow(route, model, item, observer);
      if (!(row instanceof UpstreamContractError)) return row;
      const known = errors.get(row.message);
      if (!known) errors.set(row.message, row);
      return known ?? row;
    });
  return json.length <= LONG ? read(json) : readInSlices(json, read);
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
  // The continuation may process thousands of rows, so it gets a turn of its own.
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
    return new UpstreamContractError(`violates the contract at ${fields.join(', ')}`, { route, status: 200 });
  }
  for (const openEnum of openEnums) {
    const [field, value] = openEnum(parsed.data);
    if (value === 'UNKNOWN') observer.contractDrift(route, field);
  }
  for (const field of broken?.(parsed.data) ?? []) observer.contractDrift(route, field);
  return parsed.data;
}

// Indexes within a row are left out, to keep the number of different names bounded.
const fieldOf = ({ path }: z.core.$ZodIssue) =>
  path.filter((part) => typeof part === 'string').join('.') || 'row';
