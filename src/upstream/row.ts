import type { UpstreamContractError } from './errors.ts';

/** One row of an upstream list: the row as parsed, or the error that takes its place. */
export type Row<T> = T | UpstreamContractError;
