import type { AttackRequest } from '../client.ts';
import { graphqlRequest, jsonHeaders, type Refusal, type Row } from '../test-context.ts';

export const requestParameterRows: readonly Row[] = [
  {
    id: 'A45',
    what: 'unexpected parameters',
    run: async (context) => {
      const refusal: Refusal = { codes: ['BAD_REQUEST'], silentAbout: ['cAnArY'] };
      const { target } = context;
      await context.refused(
        'unknown',
        graphqlRequest(target, '{ __typename }', undefined, 'browser', { cAnArY: 1 }),
        refusal,
      );
      await context.refused(
        'two operations',
        graphqlRequest(target, 'query A { __typename } query B { __typename }'),
        refusal,
      );
      await context.refused(
        'a name for none',
        graphqlRequest(target, 'query A { __typename }', undefined, 'browser', { operationName: 'cAnArY' }),
        refusal,
      );
      await context.refused(
        'a name of 1 MB',
        graphqlRequest(target, 'query A { __typename }', undefined, 'browser', {
          operationName: 'cAnArY'.repeat(170_000),
        }),
        { ...refusal, statuses: [400, 413] },
      );
    },
  },
  {
    id: 'A44',
    what: 'hashes of untrusted documents',
    run: async ({ target, refused, send, check }) => {
      const sha256Hash = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38';
      const persistedQuery = (query: string | undefined, hash = sha256Hash): AttackRequest => ({
        headers: jsonHeaders(target),
        body: JSON.stringify({
          ...(query !== undefined && { query }),
          extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
        }),
      });
      const codes = ['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED', 'BAD_REQUEST'];
      await refused('unknown', persistedQuery(undefined), { codes, statuses: [200, 400, 404] });
      await send(persistedQuery('{ __typename }'));
      const { text } = await send(persistedQuery(undefined));
      check('nothing is registered by asking', !text.includes('"Query"'), text);
      await refused(
        'as documentId',
        { headers: jsonHeaders(target), body: JSON.stringify({ documentId: sha256Hash }) },
        { codes, statuses: [200, 400, 404] },
      );
    },
  },
];
