import type { Sent } from './target.ts';

/** A request, what the contract calls its route, and the statuses that its answer may have. */
export interface Case {
  readonly request: Sent;
  /** Undefined for a request to no route. */
  readonly route?: { readonly method: string; readonly path: string };
  readonly allowed: readonly number[];
}
/** Idempotency keys must be fresh, so a case is finished with its place in the batch. */
export type CaseAt = (place: number) => Case;
