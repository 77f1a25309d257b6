import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Recipe } from './recipe.ts';
import { at, callsOf, copyScripts, waitingOrders } from './scripts.ts';
import { startWorld } from './serving.ts';

const merchants = 'GET /management/v1/merchants/{scheme}/{id}';
const orders = 'GET /management/v2/product-orders';

let scripts: Recipe;
beforeEach(() => {
  scripts = copyScripts();
});
afterEach(() => scripts[Symbol.dispose]());

interface Waiting {
  readonly name: string | null;
  readonly businessIdentifier: { readonly scheme: string; readonly value: string };
  readonly orders: readonly {
    readonly productOrderId: string | null;
    readonly status: string;
    readonly waitsDays: number | null;
    readonly url: string | null;
  }[];
}

it('prints the orders that wait, by merchant, in as few calls as they have merchants', async () => {
  await using world = await startWorld();
  const { code, stdout, stderr } = await scripts.sh(`${waitingOrders} --json`, at(world));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const waiting: Waiting[] = JSON.parse(stdout);
  const expected = world.sandbox.data.orders.filter(({ status }) =>
    ['RECEIVED', 'MERCHANT_VIEWED'].includes(status),
  );
  expect(expected.length).toBeGreaterThan(3);
  const shown = waiting.flatMap(({ businessIdentifier, orders: own }) =>
    own.map(({ productOrderId, status }) => [businessIdentifier.value, productOrderId, status].join(' ')),
  );
  expect(shown.toSorted()).toEqual(
    expected
      .map(({ businessIdentifier, id, status }) => [businessIdentifier.id, id, status].join(' '))
      .toSorted(),
  );
  expect(new Set(waiting.map(({ businessIdentifier: { scheme, value } }) => scheme + value)).size).toBe(
    waiting.length,
  );
  expect(callsOf(world)).toEqual({ [orders]: 1, [merchants]: waiting.length });
});

it('prints a table with links, and for how long they have waited', async () => {
  await using world = await startWorld({ DIRECTORY: 'on', DIRECTORY_CALLS_PER_SECOND: '1000' });
  const since = async () =>
    (
      await world.gateway.query<{ productOrders: { nodes: { statusSince: string | null }[] } }>(
        '{ productOrders(first: 1) { nodes { statusSince } } }',
      )
    ).data?.productOrders.nodes[0]?.statusSince;
  await expect.poll(since, { timeout: 10_000 }).toEqual(expect.any(String));
  const { stdout } = await scripts.sh(waitingOrders, at(world));
  const [head, ...rows] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^Merchant +Number +Status +Waits +Link$/);
  expect(rows.filter((row) => /(RECEIVED|MERCHANT_VIEWED) +0 d( +http\S+)?$/.test(row))).toHaveLength(
    rows.length,
  );
});

it('prints the orders of a merchant that failed without its name, says so, and exits with 1', async () => {
  await using world = await startWorld();
  world.sandbox.fault({ route: merchants, status: 403, times: 1 });
  const { code, stdout, stderr } = await scripts.sh(`${waitingOrders} --json`, at(world));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^productOrders\.nodes\.\d+\.merchant.* is missing \(FORBIDDEN\)\n/);
  const shown = (JSON.parse(stdout) as Waiting[]).flatMap(({ orders: own }) => own);
  expect(shown).toHaveLength(
    world.sandbox.data.orders.filter(({ status }) => ['RECEIVED', 'MERCHANT_VIEWED'].includes(status)).length,
  );
});

it('keeps businesses apart that have the same number in two registers', async () => {
  await using world = await startWorld();
  for (const scheme of ['business:NO:ORG', 'business:DK:CVR'])
    await world.gateway.query(`mutation { prefillProductOrder(input: { productType: LOGIN,
      businessIdentifier: { scheme: "${scheme}", value: "13384576" } }) { productOrder { id } } }`);
  const { stdout } = await scripts.sh(`${waitingOrders} --json`, at(world));
  const same = (JSON.parse(stdout) as Waiting[]).filter(
    ({ businessIdentifier }) => businessIdentifier.value === '13384576',
  );
  expect(same.map(({ businessIdentifier }) => businessIdentifier.scheme).toSorted()).toEqual([
    'business:DK:CVR',
    'business:NO:ORG',
  ]);
});
