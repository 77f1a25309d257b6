import type { DocumentNode } from 'graphql';

/** An operation as a client sent it. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The most that an operation may do. Infinite for an operation too large or too deep to be looked through. */
export interface OperationCost {
  /** Upstream calls with nothing cached: pages as large as asked for, every merchant a different one. */
  readonly calls: number;
  /** Objects in the answer; see `rowsOfWidth`. */
  readonly rows: number;
}
