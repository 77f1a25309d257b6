import type { Refusal } from '../test-context.ts';

/** Refused as too complex, with few errors. */
export const complex: Refusal = { codes: ['OPERATION_TOO_COMPLEX'], mostErrors: 3 };
/** graphql-js may find something wrong with the document before its size is looked at, or the other way round. */
export const refusedSomehow: Refusal = { codes: ['OPERATION_TOO_COMPLEX', 'BAD_REQUEST'], mostErrors: 3 };
export const unsupported: Refusal = { codes: ['BAD_REQUEST'], statuses: [415] };
export const unauthenticated: Refusal = { codes: ['UNAUTHENTICATED'], statuses: [401] };
