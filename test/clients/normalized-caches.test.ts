import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { untilObserved } from '../cli/serving.ts';
import { apolloExample, type NormalizingClient, urqlExample } from './normalizing-client.ts';
import { startWorld, type World } from './serving.ts';

const apollo = await apolloExample();
const urql = await urqlExample();
const warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
let world: World;
beforeAll(async () => {
  world = await startWorld({
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    DIRECTORY_LIST_SECONDS: '1',
  });
  await untilObserved(world.gateway.query);
  // Something for each page of changes.
  for (const msn of world.sandbox.data.msns.slice(0, 4)) world.sandbox.editUnit(msn, { name: `New ${msn}` });
  const changes = async () =>
    (await world.gateway.query<{ changes: { totalCount: number } }>('{ changes { totalCount } }')).data
      ?.changes.totalCount;
  while ((await changes()) !== 4) await new Promise((resolve) => setTimeout(resolve, 50));
});
afterAll(async () => {
  apollo[Symbol.dispose]();
  urql[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}
type Pages = Record<'list', Page>;

interface Prefilled {
  readonly prefillProductOrder: {
    readonly productOrder: { readonly id: string; readonly productOrderId: string };
  };
}
const PREFILL = `mutation ($scheme: String!, $value: String!, $key: String!) {
  prefillProductOrder(input: { productType: LOGIN, idempotencyKey: $key,
    businessIdentifier: { scheme: $scheme, value: $value } }) {
    productOrder { id productOrderId status businessIdentifier { scheme value } merchant { id businessIdentifier { scheme value } } }
  }
}`;

describe.each([apollo, urql])('$name', ({ create }) => {
  let client: NormalizingClient;
  beforeAll(() => {
    client = create(world.gateway.url);
  });

  it.each([
    ['salesUnits', 10, 'filter: { name: { contains: "kaffe" } }'],
    ['merchants', 2, 'filter: { countryCode: ["NO"] }'],
    ['productOrders', 3, 'filter: { status: [RECEIVED] }'],
    ['changes', 1, 'filter: { kind: [SALES_UNIT_CHANGED] }'],
  ])(
    'merges three pages of %s into one list, and keeps another filter apart',
    async (field, first, filter) => {
      const selection = '{ edges { cursor node { id } } totalCount pageInfo { endCursor hasNextPage } }';
      const query = `query ($first: Int!, $after: String) { list: ${field}(first: $first, after: $after) ${selection} }`;
      let variables: { first: number; after: string | null } = { first, after: null };
      for (let page = 1; page <= 3; page++) {
        const { list } = await client.page<Pages>(query, variables);
        expect(list.edges).toHaveLength(page * first);
        expect(list.totalCount).toBeGreaterThanOrEqual(page * first);
        if (page < 3) variables = { first, after: list.pageInfo.endCursor };
      }
      const other = `{ list: ${field}(first: 1, ${filter}) ${selection} }`;
      const filtered = await client.page<Pages>(other);
      expect(filtered.list.edges).toHaveLength(1);
      const merged = await client.cached<Pages>(query, variables);
      const ids = merged?.list.edges.map(({ node }) => node.id) ?? [];
      expect(new Set(ids).size).toBe(3 * first);
      const whole = await world.gateway.query<Pages>(`{ list: ${field}(first: ${3 * first}) ${selection} }`);
      expect(ids).toEqual(whole.data?.list.edges.map(({ node }) => node.id));
    },
  );

  it('shows what a mutation returns wherever the object is shown', async () => {
    const key = crypto.randomUUID();
    const business = { scheme: 'business:NO:ORG', value: '313038653', key };
    const { prefillProductOrder } = await client.mutate<Prefilled>(PREFILL, business);
    const { id, productOrderId } = prefillProductOrder.productOrder;
    interface Orders {
      readonly productOrders: { readonly edges: readonly { node: { id: string; status: string } }[] };
    }
    const query =
      '{ productOrders(first: 100, filter: { type: [PREFILL] }) { edges { node { id status } } } }';
    const before = await client.page<Orders>(query);
    const statusIn = (orders: Orders | null) =>
      orders?.productOrders.edges.find(({ node }) => node.id === id)?.node.status;
    expect(statusIn(before)).toBe('RECEIVED');

    world.sandbox.moveOrder(productOrderId, 'MERCHANT_VIEWED');
    // The same key again: the order as it is now.
    await client.mutate(PREFILL, business);
    expect(statusIn(await client.cached<Orders>(query))).toBe('MERCHANT_VIEWED');
  });

  it('keeps businesses apart that have the same number in two registers', async () => {
    const schemes = ['business:NO:ORG', 'business:DK:CVR'];
    for (const scheme of schemes)
      await client.mutate(PREFILL, { scheme, value: '13384576', key: crypto.randomUUID() });
    const query = `{ productOrders(first: 100) {
      edges { node { id businessIdentifier { scheme value } merchant { id businessIdentifier { scheme value } } } } } }`;
    interface Business {
      readonly businessIdentifier: { readonly scheme: string; readonly value: string };
    }
    interface Orders {
      readonly productOrders: {
        readonly edges: readonly { node: Business & { readonly merchant: Business } }[];
      };
    }
    await client.page(query);
    const same =
      (await client.cached<Orders>(query))?.productOrders.edges
        .map(({ node }) => node)
        .filter(({ businessIdentifier }) => businessIdentifier.value === '13384576') ?? [];
    expect(new Set(same.map(({ businessIdentifier }) => businessIdentifier.scheme))).toEqual(
      new Set(schemes),
    );
    for (const { businessIdentifier, merchant } of same)
      expect(merchant.businessIdentifier).toEqual(businessIdentifier);
  });

  it('merges the settings of a sales unit that two queries select', async () => {
    const [msn] = world.sandbox.data.msns;
    const query = (field: string) => `{ salesUnit(msn: "${msn}") { id configuration { ${field} } } }`;
    await client.page(query('captureType'));
    await client.page(query('recurringAllowed'));
    expect(await client.cached(query('captureType recurringAllowed'))).toMatchObject({
      salesUnit: {
        configuration: { captureType: expect.any(String), recurringAllowed: expect.any(Boolean) },
      },
    });
  });

  it('takes a deleted order out of the lists', async () => {
    interface Orders {
      readonly productOrders: { readonly edges: readonly { node: { id: string } }[] };
    }
    const query =
      '{ productOrders(first: 100, filter: { type: [PREFILL], status: [RECEIVED] }) { edges { node { id } } } }';
    const [doomed] = (await client.page<Orders>(query)).productOrders.edges;
    await client.deleteOrder(doomed?.node.id ?? '');
    const left = await client.cached<Orders>(query);
    expect(left?.productOrders.edges.map(({ node }) => node.id) ?? []).not.toContain(doomed?.node.id);
  });

  it('has nothing to warn of', () => {
    // Both caches write to the console what they cannot keep or merge.
    expect(warnings.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });
});

describe('the settings of the caches', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const objects = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type));
  const isConnection = ({ type }: GraphQLField<unknown, unknown>) =>
    getNamedType(type).name.endsWith('Connection');
  const pageArguments = ['after', 'before', 'first', 'last'];
  /** The fields of each type that have pages, with the arguments that make lists different. */
  const connections = Object.fromEntries(
    [schema.getQueryType(), ...objects]
      .filter((type) => type !== null && type !== undefined)
      .map((type) => {
        const fields = Object.values(type.getFields()).filter(isConnection);
        return [
          type.name,
          Object.fromEntries(
            fields.map(({ name, args }) => [
              name,
              args.map((argument) => argument.name).filter((each) => !pageArguments.includes(each)),
            ]),
          ),
        ] as const;
      })
      .filter(([, fields]) => Object.keys(fields).length > 0),
  );

  it('of Apollo Client cover every type', () => {
    const { Query: _root, ...policies } = apollo.typePolicies;
    expect(Object.keys(policies).toSorted()).toEqual(objects.map(({ name }) => name).toSorted());
    const keyed = Object.entries(policies).filter(([, { keyFields }]) => String(keyFields) === 'id');
    expect(keyed.map(([name]) => name).toSorted()).toEqual(
      objects
        .filter((type) => 'id' in type.getFields())
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it('of Apollo Client cover every field with pages, and tell its lists apart', () => {
    const fields = Object.entries(apollo.typePolicies).flatMap(([type, policy]) =>
      policy.fields
        ? [
            [
              type,
              Object.fromEntries(
                Object.entries(policy.fields).map(([name, field]) => [
                  name,
                  (field as { keyArgs: string[] | false }).keyArgs || [],
                ]),
              ),
            ] as const,
          ]
        : [],
    );
    expect(Object.fromEntries(fields)).toEqual(connections);
  });

  it('of Apollo Client know every type of an interface', () => {
    const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
    expect(apollo.possibleTypes).toEqual(
      Object.fromEntries(
        interfaces.map((type) => [
          type.name,
          schema
            .getPossibleTypes(type)
            .map(({ name }) => name)
            .toSorted(),
        ]),
      ),
    );
  });

  it('of urql cover every type without an id', () => {
    expect(Object.keys(urql.cache.keys ?? {}).toSorted()).toEqual(
      objects
        .filter((type) => !('id' in type.getFields()))
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(Object.values(urql.cache.keys ?? {}).map((key) => key({} as never))).toEqual(
      Object.values(urql.cache.keys ?? {}).map(() => null),
    );
  });

  it('of urql cover every field with pages', () => {
    const fields = (of: object) =>
      Object.fromEntries(
        Object.entries(of).map(([type, each]) => [type, Object.keys(each as object).toSorted()]),
      );
    expect(fields(urql.cache.resolvers ?? {})).toEqual(fields(connections));
  });
});
