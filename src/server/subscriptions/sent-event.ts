import type { ExecutionResult } from 'graphql';

/** An event of a subscription as a client receives it. */
export interface SentEvent {
  readonly cursor: string;
  /** With the errors that clients may see. */
  readonly result: ExecutionResult;
  /** The result as JSON. */
  readonly json: string;
  /** What it cost to make. */
  readonly spent: { readonly calls: number; readonly rows: number };
}
