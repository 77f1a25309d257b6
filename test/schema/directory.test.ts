import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ directory: true, env: { CACHE: 'on' }, sandbox: { units: 60 } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const REPORT = { headers: { 'x-upstream-report': '1' } };
/** Asks, and returns the answer with the calls that reached the upstream. */
async function ask<Data>(text: string, variables?: object, init: RequestInit = REPORT) {
  const total = () => Object.values(gateway.calls()).reduce((sum, calls) => sum + calls, 0);
  const before = total();
  const answer = await gateway.query<Data>(text, variables, init);
  return { ...answer, calls: total() - before };
}
const nodes = <Node>({ data }: Answer<Record<string, { nodes: Node[] }>>): Node[] =>
  Object.values(data ?? {}).flatMap((connection) => connection.nodes);

const firstUnit = () => {
  const { data } = gateway.sandbox;
  const [msn = ''] = data.msns;
  return { msn, name: data.nameOf(msn) ?? '', merchant: data.merchantOf(msn) };
};

describe('what a partner asked several times for is one query without a call', () => {
  const everything =
    'totalCount isComplete nodes { msn name configuration { captureType } merchant { name } }';
  const tasks: Readonly<Record<string, () => string>> = {
    'units by a part of their name': () =>
      `{ salesUnits(query: ${JSON.stringify(firstUnit().name.slice(0, 6))}) { ${everything} } }`,
    'units by the name of their merchant': () =>
      `{ salesUnits(filter: { merchantName: { contains: "a" } }) { ${everything} } }`,
    'units of a business': () =>
      `{ salesUnits(query: "org:${firstUnit().merchant.businessIdentifier.id}") { ${everything} } }`,
    'the unit with a number': () => `{ salesUnits(query: "${firstUnit().msn}") { ${everything} } }`,
    'units that capture at once': () =>
      `{ salesUnits(filter: { captureType: [DIRECT_CAPTURE] }) { ${everything} } }`,
    'units that may not use Recurring': () =>
      `{ salesUnits(filter: { recurringAllowed: false }) { ${everything} } }`,
    'units in a country': () => `{ salesUnits(filter: { countryCode: ["NO"] }) { ${everything} } }`,
    'units by merchant': () => `{ salesUnits(orderBy: { field: MERCHANT_NAME }) { ${everything} } }`,
    'all merchants': () =>
      '{ merchants { totalCount isComplete nodes { name status countryCode businessAddress { city } } } }',
    'merchants by name': () => '{ merchants(query: "as") { totalCount nodes { name createdAt } } }',
    'active merchants of a country with their units that capture later': () =>
      `{ merchants(filter: { countryCode: ["NO"], status: [ACTIVE] }) { nodes { name
           salesUnits(filter: { captureType: [RESERVE_CAPTURE] }) { totalCount nodes { msn configuration { captureType } } } } } }`,
    'how many units have what': () =>
      `{ salesUnits(query: "", first: 0) { facets { captureType { value count } countryCode { value count }
           recurringAllowed { value count } } } }`,
  };

  it.each(Object.entries(tasks))('%s', async (_name, query) => {
    const { data, errors, calls, extensions } = await ask(query());
    expect(errors).toBeUndefined();
    expect(calls).toBe(0);
    expect(JSON.stringify(data)).toMatch(/"(?:totalCount|count)":[1-9]/);
    expect(extensions?.cost.calls).toBe(0);
  });
});

describe('answers of the directory', () => {
  it('are those of the upstream', async () => {
    const fields =
      'msn name businessIdentifier { scheme value } configuration { captureType recurringAllowed } merchant { name status createdAt }';
    const found = await ask<never>(
      `{ salesUnits(query: "", first: 100, orderBy: { field: MSN }) { nodes { ${fields} } } }`,
    );
    const read = await ask<never>(`{ salesUnits(first: 100) { nodes { ${fields} } } }`, undefined, {
      headers: { 'cache-control': 'no-cache' },
    });
    expect(found.calls).toBe(0);
    expect(read.calls).toBeGreaterThan(60);
    expect(nodes(found)).toHaveLength(60);
    expect(nodes(found)).toEqual(nodes(read));
  });

  it('say where the words are, and how complete they are', async () => {
    const { name, merchant } = firstUnit();
    const query = `{ salesUnits(query: ${JSON.stringify(`"${name}"`)}) { isComplete edges { matchedOn node { name } } }
      merchants(query: "${merchant.businessIdentifier.id}") { edges { matchedOn } } }`;
    const { data } = await ask<{
      salesUnits: { isComplete: boolean; edges: { matchedOn: string[]; node: { name: string } }[] };
      merchants: { edges: { matchedOn: string[] }[] };
    }>(query);
    expect(data?.salesUnits.isComplete).toBe(true);
    expect(data?.salesUnits.edges[0]).toEqual({
      matchedOn: expect.arrayContaining(['NAME']),
      node: { name },
    });
    expect(data?.merchants.edges).toEqual([{ matchedOn: ['BUSINESS_IDENTIFIER'] }]);
  });

  it('page through everything, once each, with cursors of their own', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const {
        data,
        errors,
      }: Answer<{
        salesUnits: { nodes: { msn: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
      }> = await ask(
        `query ($after: String) { salesUnits(first: 7, after: $after, orderBy: { field: MERCHANT_NAME, direction: DESC }) {
           nodes { msn } pageInfo { endCursor hasNextPage } } }`,
        { after },
      );
      expect(errors).toBeUndefined();
      seen.push(...(data?.salesUnits.nodes ?? []).map(({ msn }) => msn));
      after = data?.salesUnits.pageInfo.hasNextPage ? data.salesUnits.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  });

  it('refuse a cursor of another order, and RELEVANCE without a query', async () => {
    const { data } = await ask<{ salesUnits: { pageInfo: { endCursor: string } } }>(
      '{ salesUnits(first: 1, orderBy: { field: MERCHANT_NAME }) { pageInfo { endCursor } } }',
    );
    const cursor = data?.salesUnits.pageInfo.endCursor;
    for (const [args, argument] of [
      [`query: "a", after: "${cursor}"`, 'after'],
      ['orderBy: { field: RELEVANCE }', 'orderBy.field'],
      ['query: "a", after: "x"', 'after'],
      ['query: "a", first: -1', 'first'],
      ['query: "a", first: 1, last: 1', 'last'],
      [
        'filter: { businessIdentifier: { scheme: "business:no:org", value: "123456785" } }',
        'filter.businessIdentifier.scheme',
      ],
    ]) {
      const { errors } = await ask(`{ salesUnits(${args}) { totalCount } }`);
      expect([args, errors?.[0]?.extensions]).toEqual([
        args,
        expect.objectContaining({ code: 'BAD_USER_INPUT', argument }),
      ]);
    }
  });

  it('are read again when the caller wants newer ones', async () => {
    const query = '{ salesUnits(query: "", first: 5) { nodes { configuration { captureType } } } }';
    expect((await ask(query, undefined, { headers: { 'cache-control': 'max-age=3600' } })).calls).toBe(0);
    expect((await ask(query, undefined, { headers: { 'cache-control': 'no-cache' } })).calls).toBe(5);
  });

  it('follow what callers read', async () => {
    const { msn } = firstUnit();
    const isRecurring = async () => {
      const query = `{ salesUnits(query: "msn:${msn}", filter: { recurringAllowed: true }) { totalCount } }`;
      return (await ask<{ salesUnits: { totalCount: number } }>(query)).data?.salesUnits.totalCount === 1;
    };
    const before = await isRecurring();
    gateway.sandbox.fault({
      route: 'GET /management/v1/sales-units/{msn}',
      times: 1,
      patch: [{ path: ['configuration', 'recurringAllowed'], value: !before }],
    });
    await ask(`{ salesUnit(msn: "${msn}") { name } }`, undefined, {
      headers: { 'cache-control': 'no-cache' },
    });
    await gateway.directory?.flush();
    expect(await isRecurring()).toBe(!before);
  });
});

describe('without a directory', () => {
  it('says so where one is needed, and answers everything else', async () => {
    await using without = await startTestGateway();
    const query = `{ salesUnits(first: 1) { totalCount isComplete nodes { name } }
      found: salesUnits(query: "a") { totalCount } merchants { totalCount } directory { state } }`;
    const fields = [
      'salesUnits(query: "a") { totalCount }',
      'merchants { totalCount }',
      'directory { state }',
    ];
    for (const field of fields) {
      const { errors } = await without.query(`{ ${field} }`);
      expect(errors?.[0]?.extensions.code).toBe('DIRECTORY_UNAVAILABLE');
    }
    const { errors } = await without.query(query);
    expect(errors).toHaveLength(1);
    const { data } = await without.query<{ salesUnits: { isComplete: boolean } }>(
      '{ salesUnits(first: 1) { totalCount isComplete nodes { name } } }',
    );
    expect(data?.salesUnits.isComplete).toBe(true);
  });
});
