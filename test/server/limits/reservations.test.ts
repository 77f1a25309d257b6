import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

// 51 calls for details, 50 for merchants, and 102 rows.
const PAGE = '{ salesUnits(first: 50) { nodes { configuration { captureType } merchant { name } } } }';
const ESTIMATE = 102;

/** A caller with 1,500 points: enough for 14 pages by their estimate. */
const startSmall = () =>
  startTestGateway({
    sandbox: { units: 50, latencyMs: 5 },
    env: { RATE_LIMIT_PER_MINUTE: '3000', CACHE: 'on' },
  });

const ask = async ({ gateway }: TestGateway, query: string) => {
  const response = await gateway.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cost-report': '1' },
    body: JSON.stringify({ query }),
  });
  const { extensions } = (await response.json()) as { extensions?: { cost: Record<string, number> } };
  return { status: response.status, cost: extensions?.cost };
};

describe('points', () => {
  it('are charged for what was done: a page from the cache costs its rows alone', async () => {
    await using gateway = await startSmall();
    const cold = await ask(gateway, PAGE);
    expect(cold.cost).toMatchObject({ calls: 101, rows: 152, points: ESTIMATE });
    expect(cold.cost?.['charged']).toBe(1 + 50 + 10 + 1);
    expect((await ask(gateway, PAGE)).cost).toMatchObject({ points: ESTIMATE, charged: 1 });
    const statuses = [];
    for (let more = 0; more < 300; more++) statuses.push((await ask(gateway, PAGE)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(300);
  });

  it('that running operations have reserved and do not spend are waited for', async () => {
    await using gateway = await startSmall();
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(gateway, PAGE)));
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(gateway.calls()['GET /management/v1/sales-units/{msn}']).toBe(50);
  });

  it('are charged for rows that a filter looks at in a long list', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 12_000, latencyMs: 0 },
      env: { RATE_LIMIT_PER_MINUTE: '3000', CACHE: 'on' },
    });
    await ask(gateway, '{ salesUnits(first: 1) { totalCount } }');
    const filtered = '{ salesUnits(first: 1, filter: { name: { contains: "x" } }) { totalCount } }';
    expect((await ask(gateway, filtered)).cost).toMatchObject({ points: 1, charged: 6 });
  });

  it('are charged for the same in many short lists', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 400, latencyMs: 0, crowd: { units: 390, orders: 0 } },
      env: { RATE_LIMIT_PER_MINUTE: '30000', CACHE: 'on' },
    });
    const filtered = `{ salesUnits(first: 100) { nodes { merchant {
      salesUnits(first: 1, filter: { name: { contains: "x" } }) { totalCount } } } } }`;
    await ask(gateway, filtered);
    expect((await ask(gateway, filtered)).cost?.['charged']).toBe(3 + 18);
  });

  it('are given back when the client leaves', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 50, latencyMs: 300 },
      env: { RATE_LIMIT_PER_MINUTE: '3000' },
    });
    const client = new AbortController();
    const left = gateway.query(PAGE, undefined, { signal: client.signal }).catch(() => 'left');
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.abort();
    expect(await left).toBe('left');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // One call and two requests.
    expect((await ask(gateway, '{ __typename }')).cost).toMatchObject({ remaining: 1_500 - 2 });
  });
});
