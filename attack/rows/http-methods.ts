import type { AttackRequest } from '../client.ts';
import { graphqlRequest, jsonHeaders, type Refusal, type Row, type TestContext } from '../test-context.ts';

const query = encodeURIComponent('{ __typename }');
const remove = encodeURIComponent(
  'mutation { deleteProductOrder(input: { productOrderId: "00000000-0000-4000-8000-000000000000" }) { deletedProductOrderId } }',
);
const noGet: Refusal = { statuses: [405] };
const get = ({ target }: TestContext, search: string, method = 'GET', headers = {}): AttackRequest => ({
  method,
  path: `${target.endpoint.path}?${search}`,
  headers: { ...jsonHeaders(target), ...headers },
});

export const httpMethodRows: readonly Row[] = [
  {
    id: 'A12',
    what: 'a query by GET',
    run: async (context) => {
      await context.refused('GET', get(context, `query=${query}`), noGet);
    },
  },
  {
    id: 'A13',
    what: 'a mutation by GET, HEAD and a method in a header',
    run: async (context) => {
      const orders = context.target.fixture.sandbox.stats().orders;
      await context.refused('GET', get(context, `query=${remove}`), noGet);
      await context.refused('HEAD', get(context, `query=${remove}`, 'HEAD'), { statuses: [405] });
      await context.refused(
        'override',
        get(context, `query=${remove}`, 'GET', { 'x-http-method-override': 'POST' }),
        noGet,
      );
      for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE'])
        await context.refused(
          method,
          { ...graphqlRequest(context.target, '{ __typename }'), method },
          { statuses: [400, 404, 405] },
        );
      context.check('no order was made', context.target.fixture.sandbox.stats().orders === orders);
    },
  },
  {
    id: 'A14',
    what: 'broken variables in a URL',
    run: async (context) => {
      const refusal = { statuses: [400, 405] };
      await context.refused('variables', get(context, `query=${query}&variables=%7B`), refusal);
      await context.refused('extensions', get(context, `query=${query}&extensions=%7B`), refusal);
      await context.refused('per cent', get(context, 'query=%E0%A4%A'), refusal);
    },
  },
];
