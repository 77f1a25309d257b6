import type { Endpoint } from '../endpoint.ts';
import { graphqlRequest, type Refusal, type TestContext } from '../test-context.ts';
import { anyObject } from './any-object.ts';
import { expectUserError, remove } from './order-inputs.ts';

export const badInput: Refusal = { codes: ['BAD_USER_INPUT'], statuses: [200, 400] };

export interface Place {
  readonly what: string;
  readonly query: string;
  readonly variables: (value: string) => object;
}

/** Every place where client text could become part of an upstream path. */
export const pathPlaces = (endpoint: Endpoint): readonly Place[] => [
  { what: 'msn', query: 'query ($v: String!) { salesUnit(msn: $v) { name } }', variables: (v) => ({ v }) },
  {
    what: 'scheme',
    query:
      'query ($v: String!) { merchant(businessIdentifier: { scheme: $v, value: "123456785" }) { name } }',
    variables: (v) => ({ v }),
  },
  {
    what: 'id',
    query:
      'query ($v: String!) { merchant(businessIdentifier: { scheme: "business:NO:ORG", value: $v }) { name } }',
    variables: (v) => ({ v }),
  },
  {
    what: 'productOrderId',
    query: 'query ($v: ID!) { productOrder(productOrderId: $v) { status } }',
    variables: (v) => ({ v }),
  },
  {
    what: 'pricePackageId',
    query: 'query ($v: ID!) { pricePackage(pricePackageId: $v) { name } }',
    variables: (v) => ({ v }),
  },
  ...['SalesUnit', 'Merchant'].map(
    (type): Place => ({
      what: `any ${type}`,
      query: anyObject(endpoint).one,
      variables: (v) => ({ v: anyObject(endpoint).name(type, v) }),
    }),
  ),
];

/** Orders and packages are looked up in the tenant's lists: the id is unknown and never becomes part of a path. */
async function tryLists(context: TestContext, name: string, value: string): Promise<void> {
  const find = anyObject(context.target.endpoint);
  for (const type of ['ProductOrder', 'PricePackage']) {
    const variables = { v: find.name(type, value) };
    const reply = await context.send(graphqlRequest(context.target, find.one, variables, 'partner'));
    const isUnknown = reply.text === '{"data":{"node":null}}' || reply.text.includes('"BAD_USER_INPUT"');
    context.check(`any ${type} ${name}: unknown`, isUnknown, reply.text);
  }
  const paths = context.target.fixture.sandbox
    .calls()
    .slice(-10)
    .map(({ path }) => path);
  const ended = /^\/(accesstoken\/get|management\/v1\/(product-orders|price-packages)(\?.*)?)$/;
  context.check(
    `lists ${name}: nothing in a path`,
    value === '' || !paths.some((path) => !ended.test(path) && path.includes(value)),
    paths,
  );
}

export async function tryPlaces(
  context: TestContext,
  values: readonly (readonly [name: string, value: string])[],
): Promise<void> {
  for (const [name, value] of values) {
    for (const { what, query, variables } of pathPlaces(context.target.endpoint))
      await context.refused(
        `${what} ${name}`,
        graphqlRequest(context.target, query, variables(value), 'partner'),
        badInput,
      );
    await expectUserError(context, `delete ${name}`, remove, { v: value });
    await tryLists(context, name, value);
  }
}
