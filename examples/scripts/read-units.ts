import { setTimeout as sleep } from 'node:timers/promises';
import { type FieldError, isRetryable, waitMs } from './field-error.ts';
import type { Answer, Ask } from './gateway.ts';

export interface Unit {
  readonly id: string;
  readonly msn: string;
  readonly name: string | null;
  readonly merchant: {
    readonly name: string | null;
    readonly businessIdentifier: { readonly scheme: string; readonly value: string };
  } | null;
  readonly configuration: { readonly captureType: string | null } | null;
}

/** A unit, or null for a row that the gateway could not read, and why parts of it are missing. */
export interface Row {
  readonly unit: Unit | null;
  readonly errors: readonly FieldError[];
}

interface Page {
  readonly salesUnits: {
    readonly totalCount: number;
    readonly nodes: readonly (Unit | null)[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

const ROUNDS = 4;
const UNIT = `fragment Unit on SalesUnit {
  id msn name merchant { name businessIdentifier { scheme value } } configuration { captureType }
}`;
const PAGE = `query Page($first: Int!, $after: String) {
  salesUnits(first: $first, after: $after) {
    totalCount nodes { ...Unit } pageInfo { endCursor hasNextPage }
  }
} ${UNIT}`;
const AGAIN = `query Again($ids: [ID!]!) { nodes(ids: $ids) { ...Unit } } ${UNIT}`;

/** Reads all units, page by page. */
export async function* readUnits(ask: Ask, first: number): AsyncGenerator<{ total: number; rows: Row[] }> {
  for (let after: string | null = null; ; ) {
    const answer: Answer<Page> = await ask<Page>(PAGE, { first, after });
    const { nodes, totalCount, pageInfo } = answer.data.salesUnits;
    yield { total: totalCount, rows: await retried(ask, rowsOf(nodes, answer.errors)) };
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

/** Reads units again that failed for a reason that passes: only these, since each costs calls. */
async function retried(ask: Ask, rows: Row[]): Promise<Row[]> {
  let best = rows;
  for (let round = 1; round < ROUNDS; round++) {
    const ids = best.flatMap(({ unit, errors }) => (unit && errors.some(isRetryable) ? [unit.id] : []));
    if (ids.length === 0) break;
    await sleep(
      waitMs(
        round,
        best.flatMap(({ errors }) => errors),
      ),
    );
    const { data, errors } = await ask<{ readonly nodes: readonly (Unit | null)[] }>(AGAIN, { ids });
    const again = new Map(rowsOf(data.nodes, errors).map((row, index) => [ids[index], row]));
    best = best.map((row) => {
      const newer = row.unit && again.get(row.unit.id);
      return newer?.unit ? newer : row;
    });
  }
  return best;
}

/** Gives each unit the errors of its own fields; the path is the list, `nodes` for a page, the place and the field. */
function rowsOf(units: readonly (Unit | null)[], errors: readonly FieldError[]): Row[] {
  return units.map((unit, index) => ({
    unit,
    errors: errors.filter(({ path = [] }) => path.find((part) => typeof part === 'number') === index),
  }));
}
