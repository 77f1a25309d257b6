import { anyObject } from '../inputs/any-object.ts';
import { graphqlRequest, type Row } from '../test-context.ts';

export const manyErrorRows: readonly Row[] = [
  {
    id: 'A56',
    what: 'an answer full of errors',
    run: async ({ target, send, check }) => {
      const find = anyObject(target.endpoint);
      const reply = await send(
        graphqlRequest(
          target,
          find.query(),
          { v: Array.from({ length: 1_000 }, (_, i) => find.name('SalesUnit', `x${i}`)) },
          'partner',
        ),
      );
      const { errors = [] } = JSON.parse(reply.text);
      const longest = Math.max(...errors.map((error: unknown) => JSON.stringify(error).length));
      check('is answered', reply.status < 500, reply.status);
      check('each null has its own error', errors.length === 1_000, errors.length);
      check('each error has at most 300 bytes', longest <= 300, longest);
    },
  },
];
