import { graphqlRequest, type Row } from '../test-context.ts';

export const manyErrorRows: readonly Row[] = [
  {
    id: 'A56',
    what: 'an answer full of errors',
    run: async ({ target, send, check }) => {
      const reply = await send(
        graphqlRequest(
          target,
          'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
          { ids: Array.from({ length: 1_000 }, (_, i) => `x${i}`) },
          'partner',
        ),
      );
      const { errors = [] } = JSON.parse(reply.text);
      check('is answered', reply.status < 500, reply.status);
      check('at most 20 errors', errors.length <= 20, errors.length);
      check('at most 64 KB', reply.text.length <= 64 * 1024, reply.text.length);
    },
  },
];
