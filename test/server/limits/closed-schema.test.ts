import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

const production = { gateway: { graphiql: false } };
const reader = { ...production, caller: { scopes: new Set(['read'] as const) } };
const names = new Set(
  Object.values(schema.getTypeMap()).flatMap((type) => [
    type.name,
    ...('getFields' in type
      ? Object.values(type.getFields()).flatMap((field) => [
          field.name,
          ...('args' in field ? field.args.map((argument: { name: string }) => argument.name) : []),
        ])
      : []),
    ...('getValues' in type ? type.getValues().map(({ name }) => name) : []),
  ]),
);

describe('the schema', () => {
  it.each([
    '{__schema{types{name}}}',
    '{__type(name:"SalesUnit"){fields{name}}}',
    '{ ...F } fragment F on Query { __schema { queryType { name } } }',
    '{\n__schema\n,,{,types{name}}}',
    '{ __typename ... @include(if: true) { __schema { queryType { name } } } }',
  ])('is not told to a caller without the scope for it: %s', async (text) => {
    await using gateway = await startTestGateway(reader);
    const { data, errors } = await gateway.query(text);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'INTROSPECTION_DISABLED' } }]);
    expect(errors?.[0]?.message).not.toMatch(/__schema|__type\b/);
  });

  it('is not revealed by a second operation either', async () => {
    await using gateway = await startTestGateway(reader);
    const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'query A { __typename } query B { __schema { types { name } } }',
        operationName: 'A',
      }),
    });
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'INTROSPECTION_DISABLED' } }],
    });
  });

  it('is shown to a caller with the scope', async () => {
    await using gateway = await startTestGateway({
      ...production,
      caller: { scopes: new Set(['introspect'] as const), audience: 'browser' },
    });
    const { data } = await gateway.query(getIntrospectionQuery());
    expect(Object.keys(buildClientSchema(data as never).getTypeMap())).toContain('SalesUnit');
  });

  it('allows __typename for all callers', async () => {
    await using gateway = await startTestGateway(reader);
    expect(await gateway.query('{ __typename viewer { __typename } }')).toEqual({
      data: { __typename: 'Query', viewer: { __typename: 'Viewer' } },
    });
  });
});

const wrong: [text: string, variables?: object][] = [
  ['{ salesUnitt }'],
  ['{ salesUnits }'],
  ['{ salesUnit { name } }'],
  ['{ salesUnit(msm: "1") { name } }'],
  ['{ salesUnits { nodes { ... on SalesUnitt { name } } } }'],
  ['{ salesUnits { nodes { ... on ProductType { name } } } }'],
  ['{ salesUnits { nodes { ... on Merchant { name } } } }'],
  ['{ salesUnits(orderBy: { field: NAMEE }) { totalCount } }'],
  ['{ salesUnits(orderBy: { direction: ASC }) { totalCount } }'],
  ['{ salesUnits(filter: { nam: "canary" }) { totalCount } }'],
  ['{ salesUnits(first: "canary") { totalCount } }'],
  ['{ salesUnit(msn: 17) { name } }'],
  ['{ viewer { tenant { canary } } }'],
  ['{ viewer @skip { tenant } }'],
  ['{ viewer @skipp(if: true) { tenant } }'],
  ['query ($m: Int) { salesUnit(msn: $m) { name } }'],
  ['query ($m: Strin) { salesUnit(msn: $m) { name } }'],
  ['query ($m: String!) { __typename }'],
  ['{ a: viewer { tenant } a: pricePackages { name } }'],
  ['{ salesUnits { nodes { a: msn a: businessIdentifier } } }'],
  ['{ ...Missing }'],
  ['subscription { salesUnits { totalCount } }'],
  ['query ($f: SalesUnitFilter) { salesUnits(filter: $f) { totalCount } }', { f: { nam: 'canary' } }],
  ['query ($o: SalesUnitOrder) { salesUnits(orderBy: $o) { totalCount } }', { o: { field: 'NAMEE' } }],
  ['query ($o: SalesUnitOrder) { salesUnits(orderBy: $o) { totalCount } }', { o: {} }],
  ['query ($o: SalesUnitOrder) { salesUnits(orderBy: $o) { totalCount } }', { o: 'canary' }],
  ['query ($n: Int) { salesUnits(first: $n) { totalCount } }', { n: 'canary' }],
  ['{ salesUnit(msn: "canary\\z") { name } }'],
  ['{ salesUnit(msn: "canary'],
  ['{ salesUnits( { name } }'],
];

describe('what is said about a wrong request in production', () => {
  it.each(wrong)(
    'has no name of the schema that the request has not, and no value: %s',
    async (text, variables) => {
      await using gateway = await startTestGateway(reader);
      const { errors } = await gateway.query(text, variables);
      expect(errors?.length).toBeGreaterThan(0);
      const given = new Set(`${text} ${JSON.stringify(variables)}`.match(/\w+/g));
      for (const { message, extensions } of errors ?? []) {
        expect(extensions.code).toMatch(/^BAD_/);
        expect(message).not.toMatch(/Did you mean|canary/);
        const told = (message.match(/"[^"]*"/g) ?? []).flatMap((quoted) => quoted.match(/\w+/g) ?? []);
        expect(told.filter((word) => names.has(word) && !given.has(word))).toEqual([]);
      }
    },
  );

  it('names the place, so that it can be mended', async () => {
    await using gateway = await startTestGateway(reader);
    const { errors } = await gateway.query('{ salesUnits(firts: 1) { totalCount } }');
    expect(errors).toMatchObject([
      {
        message: 'The argument "firts" is not valid here. Check it against the schema.',
        locations: [{ line: 1, column: 14 }],
      },
    ]);
  });

  it('keeps a message whose names are the document’s own', async () => {
    await using gateway = await startTestGateway(reader);
    const { errors } = await gateway.query('{ ...Missing }');
    expect(errors?.map(({ message }) => message)).toEqual(['Unknown fragment "Missing".']);
  });

  it.each([true, false])('stops at the third mistake: graphiql %s', async (graphiql) => {
    await using gateway = await startTestGateway({ gateway: { graphiql } });
    const { errors } = await gateway.query('{ a b c d e f }');
    expect(errors).toHaveLength(3);
  });

  it('is said with names and suggestions where GraphiQL is', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query('{ salesUnitt }');
    expect(errors?.[0]?.message).toMatch(/^Cannot query field "salesUnitt" on type "Query"\. Did you mean/);
  });
});

describe('GraphQL over HTTP in production, asked by who may read the schema', () => {
  let gateway: TestGateway;
  let listening: Awaited<ReturnType<typeof listen>>;
  let url = '';
  const audits = serverAudits({ url: () => url });

  beforeAll(async () => {
    gateway = await startTestGateway(production);
    listening = await listen(gateway);
    url = listening.url;
  });
  afterAll(async () => {
    await listening[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (name, audit) => {
    const result = await audit.fn();
    // What a server MAY do is its own choice.
    const wanted = /^(MUST|SHOULD)/.test(name) ? ['ok'] : ['ok', 'notice', 'warn'];
    expect(wanted, 'reason' in result ? result.reason : undefined).toContain(result.status);
  });
});
