import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/config/scopes.ts';
import { MissingScope } from '../../src/resolvers/errors.ts';
import { schema } from '../../src/schema/index.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const needed = { query: 'read', mutation: 'product-orders:write' } as const;
/** The only field that anybody who got in may ask. */
const OPEN = 'viewer';

const roots = (['query', 'mutation'] as const).flatMap((operation) => {
  const fields = Object.values(schema.getRootType(operation as never)?.getFields() ?? {});
  return fields.filter(({ name }) => name !== OPEN).map((field) => ({ operation, name: field.name, field }));
});

const gateways = new Map<string, TestGateway>();
const asCaller = (name: string) => {
  const gateway = gateways.get(name);
  if (!gateway) throw new Error(`no caller ${name}`);
  return gateway;
};

beforeAll(async () => {
  const callers: Record<string, readonly Scope[]> = {
    nobody: [],
    'all but read': scopes.filter((scope) => scope !== 'read'),
    'all but product-orders:write': scopes.filter((scope) => scope !== 'product-orders:write'),
    writer: ['product-orders:write'],
  };
  for (const [name, own] of Object.entries(callers))
    gateways.set(name, await startTestGateway({ caller: { scopes: new Set(own) } }));
});
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway[Symbol.asyncDispose]();
});

describe('a root field', () => {
  it('is one of many', () => {
    expect(roots.length).toBeGreaterThan(11);
  });

  it.each(roots)('$operation $name is closed without its scope', async ({ operation, field }) => {
    const scope = needed[operation];
    for (const caller of ['nobody', `all but ${scope}`]) {
      const gateway = asCaller(caller);
      const { errors } = await gateway.query(`${operation} { ${ask(field)} }`);
      expect(errors).toMatchObject([
        { path: [field.name], extensions: { code: 'FORBIDDEN', scopes: [scope] } },
      ]);
      expect(errors?.[0]?.message).toContain(scope);
      // Not even a token is fetched.
      expect(gateway.sandbox.stats().calls).toEqual({});
    }
  });

  it.each(roots)('$operation $name says when it needs more than read', ({ operation, field }) => {
    if (operation === 'mutation') expect(field.description).toContain(`scope \`${needed[operation]}\``);
  });

  it('viewer tells anybody who got in who they are, and nothing of the data', async () => {
    const gateway = asCaller('nobody');
    const { data, errors } = await gateway.query(
      '{ viewer { tenant scopes salesUnitCount productOrderCount } }',
    );
    expect(data).toEqual({
      viewer: { tenant: 'default', scopes: [], salesUnitCount: null, productOrderCount: null },
    });
    expect(errors?.map(({ extensions: { code }, path }) => [code, path?.at(-1)])).toEqual([
      ['FORBIDDEN', 'salesUnitCount'],
      ['FORBIDDEN', 'productOrderCount'],
    ]);
    expect(gateway.calls()).toEqual({});
  });
});

describe('a type with data of the upstream', () => {
  it.each(['Change', 'SalesUnit', 'Merchant', 'ProductOrder', 'PricePackage'])(
    '%s is closed whatever field leads to it',
    (name) => {
      const { isTypeOf } = schema.getType(name) as GraphQLObjectType;
      const look = (own: readonly Scope[]) =>
        isTypeOf?.({}, { viewer: { tenant: '', scopes: own } }, {} as GraphQLResolveInfo);
      expect(() => look(['product-orders:write'])).toThrow(MissingScope);
      expect(look(['read'])).toBe(true);
    },
  );

  it('is every Node', () => {
    const nodes = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name);
    expect(nodes.sort()).toEqual(['Change', 'Merchant', 'PricePackage', 'ProductOrder', 'SalesUnit']);
  });
});

describe('a caller who may only write', () => {
  const order = (rest: string) => `mutation { prefillProductOrder(input: { productType: LOGIN ${rest}
    businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" } }) {
    prefillUrl userErrors { message } productOrder { merchant { name } } } }`;

  it('gets the link of an order and cannot read through it', async () => {
    const gateway = asCaller('writer');
    const { data, errors } = await gateway.query(order(''));
    expect(data).toMatchObject({
      prefillProductOrder: {
        prefillUrl: expect.stringContaining('http'),
        userErrors: [],
        productOrder: null,
      },
    });
    expect(errors).toMatchObject([
      { path: ['prefillProductOrder', 'productOrder'], extensions: { code: 'FORBIDDEN', scopes: ['read'] } },
    ]);
    expect(gateway.calls()).toEqual({ 'POST /management/v1/product-orders': 1 });
  });

  it('still learns that an order failed', async () => {
    await using gateway = await startTestGateway({ caller: { scopes: new Set(['product-orders:write']) } });
    gateway.sandbox.fault({ route: 'POST /management/v1/product-orders', status: 503 });
    const { errors } = await gateway.query(order(''));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['OUTCOME_UNKNOWN']);
  });
});

it('a dry run needs the scope of the real one', async () => {
  const { errors } = await asCaller('all but product-orders:write').query(`mutation {
    prefillProductOrder(input: { dryRun: true, productType: LOGIN
      businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" } }) { userErrors { message } } }`);
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

it('a query of several fields keeps those that need no scope', async () => {
  const { data, errors } = await asCaller('nobody').query(
    '{ viewer { tenant } salesUnit(msn: "123456") { name } }',
  );
  expect(data).toEqual({ viewer: { tenant: 'default' }, salesUnit: null });
  expect(errors).toHaveLength(1);
});

/** The smallest valid question to a field. */
function ask(field: GraphQLField<unknown, unknown>): string {
  const given = field.args.filter(isRequiredArgument).map(({ name, type }) => `${name}: ${aValue(type)}`);
  const named = getNamedType(field.type);
  const selection = 'getFields' in named ? ' { __typename }' : '';
  return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${selection}`;
}

function aValue(type: GraphQLInputType): string {
  if (isNonNullType(type)) return aValue(type.ofType);
  if (isListType(type)) return `[${aValue(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (!isInputObjectType(type)) return '"123456"';
  const all = Object.values(type.getFields());
  const fields = type.isOneOf ? all.slice(0, 1) : all.filter(isRequiredInputField);
  return `{ ${fields.map(({ name, type: own }) => `${name}: ${aValue(own)}`).join(', ')} }`;
}
