import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { toClientError } from '../errors/client-error.ts';
import type { LoadShedding } from './load-shedding.ts';

/** A document that may contain a mutation. One that only looks so is accepted as well. */
const MUTATION = /\bmutation\b/;

/** Refuses queries under a mild overload, before their documents are parsed. */
export function useLoadShedding(shedding: LoadShedding): Plugin {
  return {
    onParams({ params, context }) {
      if (MUTATION.test(params.query ?? '')) return;
      const refusal = shedding.refuseQuery((context as { res: ServerResponse }).res);
      if (refusal) throw toClientError(refusal);
    },
  };
}
