import { graphqlRequest, type Row } from '../test-context.ts';

export const orderSecretRows: readonly Row[] = [
  {
    id: 'A34',
    what: 'secrets in orders',
    run: async ({ target, send, check, refused }) => {
      const reply = await send(
        graphqlRequest(target, '{ salesUnits(first: 1) { nodes { msn } } }', undefined, 'partner'),
      );
      // A router may keep what it may ask for again, for this caller alone.
      const { forRouters } = target.endpoint;
      check(
        forRouters ? 'answers are not for shared caches' : 'answers are not for caches',
        (forRouters ? /^(no-store|private, max-age=\d+)$/ : /no-store/).test(
          String(reply.headers['cache-control']),
        ),
        reply.headers['cache-control'],
      );
      for (const field of [
        'settlementBankAccount { value }',
        'website { testWebsitePassword }',
        'bankAccount { id }',
      ])
        await refused(
          field,
          graphqlRequest(target, `{ productOrders(first: 1) { nodes { ${field} } } }`, undefined, 'partner'),
          { codes: ['BAD_REQUEST', 'FORBIDDEN'] },
        );
      const order =
        'mutation { deleteProductOrder(input: { productOrderId: "00000000-0000-4000-8000-000000000000" }) { deletedProductOrderId } }';
      await refused('a change without the scope', graphqlRequest(target, order, undefined, 'reading'), {
        codes: ['FORBIDDEN'],
        statuses: [200, 400, 403],
      });
    },
  },
];
