import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeKind } from '../../src/directory/changes/change.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ directory: true, env: { CACHE: 'on' }, sandbox: { units: 30 } });
  while (!(await feed('')).observedSince) await sleep(20);
});
afterAll(() => gateway[Symbol.asyncDispose]());

interface Shown {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly at: string;
  readonly msn: string | null;
  readonly productOrderId: string | null;
  readonly businessIdentifier: { readonly value: string } | null;
  readonly productOrder: { readonly status: string } | null;
  readonly fields: readonly {
    readonly name: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}
interface Feed {
  readonly observedSince: string | null;
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  readonly nodes: readonly Shown[];
}
const FIELDS = `observedSince totalCount pageInfo { endCursor hasNextPage } nodes { id kind at msn productOrderId
  businessIdentifier { value } fields { name before after } }`;
async function feed(args: string): Promise<Feed> {
  const answer = await gateway.query<{ changes: Feed }>(`{ changes${args && `(${args})`} { ${FIELDS} } }`);
  if (!answer.data?.changes) throw new Error(JSON.stringify(answer.errors));
  return answer.data.changes;
}
const calls = () => Object.values(gateway.calls()).reduce((sum, count) => sum + count, 0);
/** Reads both lists from the Management API, as the directory does on its schedule. */
async function readLists(): Promise<void> {
  await gateway.query(
    '{ salesUnits(first: 1) { totalCount } productOrders(first: 1, includeExpired: true) { totalCount } }',
    undefined,
    { headers: { 'cache-control': 'no-cache' } },
  );
  await gateway.directory?.flush();
}

describe('the feed of changes', () => {
  it('begins with nothing but a cursor, and costs no call', async () => {
    const before = calls();
    const { nodes, totalCount, pageInfo } = await feed('');
    expect([nodes, totalCount, calls() - before]).toEqual([[], 0, 0]);
    expect(pageInfo.endCursor).not.toBe('');
  });

  it('has the life of an order step by step, and nothing else', async () => {
    const { endCursor } = (await feed('')).pageInfo;
    const { data } = await gateway.query<{
      prefillProductOrder: { productOrder: { productOrderId: string } };
    }>(`mutation { prefillProductOrder(input: {
      businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }
      productType: PAYMENT_INTEGRATION salesUnitName: "New" productUseCase: WEBSITE
      website: { url: "https://example.com", termsUrl: "https://example.com/terms" }
      settlementBankAccount: { scheme: "BBAN:NO", value: "86011117947" }
    }) { productOrder { productOrderId } } }`);
    const id = data?.prefillProductOrder.productOrder.productOrderId ?? '';
    await readLists();
    for (const status of ['MERCHANT_VIEWED', 'ORDER_SUBMITTED', 'COMPLETED'] as const) {
      gateway.sandbox.moveOrder(id, status);
      await readLists();
      await readLists();
    }
    const { nodes } = await feed(`after: "${endCursor}", filter: { productOrderId: ["${id}"] }`);
    expect(nodes.map(({ kind }) => kind)).toEqual([
      'PRODUCT_ORDER_ADDED',
      'PRODUCT_ORDER_CHANGED',
      'PRODUCT_ORDER_CHANGED',
      'PRODUCT_ORDER_CHANGED',
    ]);
    const steps = nodes.flatMap(({ fields }) => fields.filter(({ name }) => name === 'status'));
    expect(steps).toEqual([
      { name: 'status', before: null, after: 'RECEIVED' },
      { name: 'status', before: 'RECEIVED', after: 'MERCHANT_VIEWED' },
      { name: 'status', before: 'MERCHANT_VIEWED', after: 'ORDER_SUBMITTED' },
      { name: 'status', before: 'ORDER_SUBMITTED', after: 'COMPLETED' },
    ]);
    const order = await gateway.query<{
      productOrder: { firstSeenAt: string; statusSince: string; status: string; changes: Feed };
    }>(`{ productOrder(productOrderId: "${id}") { status firstSeenAt statusSince changes { ${FIELDS} } } }`);
    expect(order.data?.productOrder).toMatchObject({
      status: 'COMPLETED',
      statusSince: nodes[3]?.at,
      firstSeenAt: nodes[0]?.at,
    });
    expect(order.data?.productOrder.changes.nodes).toEqual(nodes);
  });

  it('finds orders that have waited since before a time', async () => {
    const waiting = async (time: string) =>
      (
        await gateway.query<{ productOrders: { totalCount: number } }>(
          `{ productOrders(filter: { status: [RECEIVED], statusSinceBefore: "${time}" }) { totalCount } }`,
        )
      ).data?.productOrders.totalCount;
    expect(await waiting(new Date(Date.now() - 86_400_000).toISOString())).toBe(0);
    expect(await waiting(new Date(Date.now() + 1_000).toISOString())).toBeGreaterThan(0);
  });

  it('tells of a unit that is gone once two lists lack it, not of one that is back in the next', async () => {
    const [flapping = '', leaving = ''] = gateway.sandbox.data.msns;
    const { endCursor } = (await feed('')).pageInfo;
    gateway.sandbox.connectUnit(flapping, undefined);
    gateway.sandbox.connectUnit(leaving, undefined);
    await readLists();
    expect((await feed(`after: "${endCursor}", filter: { kind: [SALES_UNIT_REMOVED] }`)).nodes).toEqual([]);
    gateway.sandbox.connectUnit(flapping, 'sandbox-partner');
    await readLists();
    const { nodes } = await feed(
      `after: "${endCursor}", filter: { kind: [SALES_UNIT_REMOVED, SALES_UNIT_ADDED] }`,
    );
    expect(nodes.map(({ kind, msn }) => [kind, msn])).toEqual([['SALES_UNIT_REMOVED', leaving]]);
    expect(nodes[0]?.fields.find(({ name }) => name === 'name')?.after).toBeNull();
    const ofUnit = await feed(`after: "${endCursor}", filter: { msn: ["${leaving}"] }`);
    expect(ofUnit.nodes).toEqual(expect.arrayContaining([...nodes]));
    const since = nodes[0]?.at ?? '';
    expect((await feed(`filter: { since: "${since}", kind: [SALES_UNIT_REMOVED] }`)).totalCount).toBe(1);
  });

  it('is read page by page, forwards and backwards, and goes on from its end', async () => {
    const whole = await feed('first: 100');
    expect(whole.nodes.length).toBeGreaterThan(4);
    const read: Shown[] = [];
    let after = '';
    for (;;) {
      const { nodes, pageInfo } = await feed(`first: 2${after && `, after: "${after}"`}`);
      read.push(...nodes);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(read).toEqual(whole.nodes);
    expect(after).toBe(whole.pageInfo.endCursor);
    expect((await feed('last: 2')).nodes).toEqual(whole.nodes.slice(-2));
    expect((await feed(`after: "${after}", filter: { kind: [MERCHANT_ADDED] }`)).pageInfo.endCursor).toBe(
      after,
    );
  });

  it.each(['first: 0', 'last: 0', 'last: 1', 'first: 5, filter: { kind: [MERCHANT_ADDED] }'])(
    'always has an end cursor to continue from: %s',
    async (args) => {
      const { endCursor } = (await feed(args)).pageInfo;
      expect((await feed(`after: "${endCursor}"`)).pageInfo.endCursor).toBe(
        (await feed('')).pageInfo.endCursor,
      );
    },
  );

  it.each([
    ['a text', 'after: "nonsense"', 'BAD_USER_INPUT'],
    [
      'a cursor of another list',
      `after: "${Buffer.from('["msn","100000"]').toString('base64url')}"`,
      'BAD_USER_INPUT',
    ],
    [
      'a cursor of another file',
      `after: "${Buffer.from('["changes","AAAAAAAA","1"]').toString('base64url')}"`,
      'CURSOR_EXPIRED',
    ],
    ['no time', 'filter: { since: "yesterday" }', 'BAD_REQUEST'],
    ['a number that is none', 'filter: { msn: ["x"] }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_name, args, code) => {
    const { errors } = await gateway.query(`{ changes(${args}) { totalCount } }`);
    expect(errors?.[0]?.extensions.code).toBe(code);
    if (code === 'CURSOR_EXPIRED') {
      const oldest = String(errors?.[0]?.extensions.oldestCursor);
      expect((await feed(`after: "${oldest}"`)).nodes).toEqual((await feed('')).nodes);
    }
  });
});
