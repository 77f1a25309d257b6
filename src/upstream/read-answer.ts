import type { z } from 'zod';
import { type Row, UpstreamContractError } from './errors.ts';

/** Told of every field that was not as the contract says; never of its value. */
export type OnDrift = (route: string, field: string) => void;

/** How an object of the upstream is read, and which of its fields are open enums. */
export interface Model<T> {
  readonly shape: z.ZodType<T>;
  readonly openEnums: readonly ((value: T) => [field: string, value: string | undefined])[];
}

/** One object. Throws {@link UpstreamContractError} when it is not what the contract says. */
export function readObject<T>(route: string, model: Model<T>, json: unknown, onDrift: OnDrift): T {
  const row = readRow(route, model, json, onDrift);
  if (row instanceof UpstreamContractError) throw row;
  return row;
}

/** A bare list, row by row: a broken row is one error in its own place and not a lost list. */
export function readList<T>(route: string, model: Model<T>, json: unknown, onDrift: OnDrift): Row<T>[] {
  if (!Array.isArray(json))
    throw new UpstreamContractError('the answer is not a list', { route, status: 200 });
  return json.map((item) => readRow(route, model, item, onDrift));
}

function readRow<T>(route: string, { shape, openEnums }: Model<T>, json: unknown, onDrift: OnDrift): Row<T> {
  const parsed = shape.safeParse(json);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'row'))];
    for (const field of fields) onDrift(route, field);
    return new UpstreamContractError(`breaks the contract at ${fields.join(', ')}`, { route, status: 200 });
  }
  for (const openEnum of openEnums) {
    const [field, value] = openEnum(parsed.data);
    if (value === 'UNKNOWN') onDrift(route, field);
  }
  return parsed.data;
}
