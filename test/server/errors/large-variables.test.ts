import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';

const COUNT = 45_000;
const CANARY = 'canaryvalue';
const many = (item: (index: number) => unknown) => Array.from({ length: COUNT }, (_, index) => item(index));
const keys = (value: unknown) =>
  Object.fromEntries(many((index) => [`k${index}`, value]) as [string, unknown][]);
const filter = 'query ($v: SalesUnitFilter) { salesUnits(filter: $v) { totalCount } }';
const order = 'query ($v: SalesUnitOrder) { salesUnits(orderBy: $v) { totalCount } }';
const ids = 'query ($v: [ID!]!) { nodes(ids: $v) { id } }';
const msn = 'query ($v: String!) { salesUnit(msn: $v) { name } }';
const types = 'mutation ($v: PrefillProductOrderInput!) { prefillProductOrder(input: $v) { prefillUrl } }';
const long = CANARY.repeat(80_000);
const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

const attacks: [what: string, query: string, value: unknown][] = [
  ['unknown keys', filter, keys(CANARY)],
  ['unknown keys deeper', filter, { name: keys(CANARY) }],
  ['unknown keys of a mutation', types, keys(CANARY)],
  ['an object for a text', msn, keys(CANARY)],
  ['a list for a text', msn, many(() => CANARY)],
  ['objects for ids', ids, many(() => ({ a: CANARY }))],
  ['numbers for ids', ids, many((index) => index + 0.5)],
  ['nulls for ids', ids, many(() => null)],
  ['an enum that is a large object', order, { field: keys(CANARY) }],
  ['an enum that is a long text', order, { field: long }],
  ['one unknown key that is long', filter, { ['k'.repeat(1_000_000)]: CANARY }],
  ['a text for a list in a filter', filter, { msn: { in: many(() => [CANARY]) } }],
  ['a number that is a long text', 'query ($v: Int) { salesUnits(first: $v) { totalCount } }', long],
  ['deep lists', ids, nested(2_000)],
];

describe.each([true, false])('variables that are wrong in many places, graphiql %s', (graphiql) => {
  it.each(attacks)('give three errors at most, and no value: %s', async (_what, query, v) => {
    await using gateway = await startTestGateway({ gateway: { graphiql, maxBodyBytes: 2 ** 22 } });
    let answer = '';
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 4; tries++) {
      const before = process.cpuUsage();
      answer = JSON.stringify(await gateway.query(query, { v }));
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1_000);
    }
    const { errors, data } = JSON.parse(answer);
    expect(data).toBeUndefined();
    expect(errors.length).toBeLessThanOrEqual(3);
    for (const { extensions, message } of errors) {
      expect(extensions.code).toBe('BAD_USER_INPUT');
      expect(message.length).toBeLessThanOrEqual(300);
    }
    expect(answer).not.toContain(CANARY);
    expect(answer.length).toBeLessThan(2_000);
    expect(JSON.stringify(gateway.logs)).not.toContain(CANARY);
    expect(gateway.calls()).toEqual({});
    // Writing and reading the megabyte of JSON, which the test itself does, is most of it.
    expect(least).toBeLessThan(100);
  });
});

describe('what is said about a variable', () => {
  const reader = { caller: { scopes: new Set(['read'] as const) }, gateway: { graphiql: false } };
  const wrong = { field: 'NAMEE' };

  it('lists the legal values of an enum', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query(order, { v: wrong });
    expect(errors).toMatchObject([
      {
        message: '"v.field" must be one of MERCHANT_NAME, MSN, NAME or RELEVANCE.',
        extensions: { argument: 'v.field' },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('NAMEE');
  });

  it('has names of the schema in production for a caller who may read the schema', async () => {
    await using gateway = await startTestGateway({ gateway: { graphiql: false } });
    const { errors } = await gateway.query(order, { v: wrong });
    expect(errors?.[0]?.message).toContain('MSN');
  });

  it('has none for a caller who may not', async () => {
    await using gateway = await startTestGateway(reader);
    const { errors } = await gateway.query(order, { v: wrong });
    expect(errors).toMatchObject([
      {
        message:
          'The value of the variable "$v" does not have the type SalesUnitOrder that the operation declares.',
        extensions: { argument: 'v' },
      },
    ]);
  });

  it('names the item of a list', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query(ids, { v: ['x', null] });
    expect(errors).toMatchObject([
      {
        message: '"v[1]" must be a text, and not null.',
        extensions: { argument: 'v[1]' },
      },
    ]);
  });

  it('is about three problems of all variables together', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query(
      `query ($a: Int!, $b: Int!, $c: Int, $d: Int!) {
        a: salesUnits(first: $a) { totalCount } b: salesUnits(first: $b) { totalCount }
        c: salesUnits(first: $c) { totalCount } d: salesUnits(first: $d) { totalCount } }`,
      { b: 'x', c: 'y' },
    );
    expect(errors?.map(({ extensions }) => extensions.argument)).toEqual(['a', 'b', 'c']);
  });
});
