import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Serving, startServing } from '../cli/serving.ts';
import { openBrowser, type Visitor } from './browser.ts';
import { graphiqlOn } from './graphiql-page.ts';

let serving: Serving;
let visitor: Visitor;
let graphiql: ReturnType<typeof graphiqlOn>;

beforeAll(async () => {
  serving = await startServing({ SANDBOX_UNITS: '200', DIRECTORY: 'on' });
});
afterAll(() => serving[Symbol.asyncDispose]());

beforeEach(async () => {
  visitor = await openBrowser();
  graphiql = graphiqlOn(visitor.page);
  await graphiql.load(() => visitor.page.goto(serving.url));
  return () => visitor[Symbol.asyncDispose]();
});

const newTab = async () => {
  await visitor.page.getByRole('button', { name: 'New tab' }).click();
  await visitor.page.locator('[role=tab][aria-selected=true]', { hasText: '<untitled>' }).waitFor();
  await graphiql.openExplorer();
};
/** The checkbox or the control of an argument, by its name. */
const check = (of: ReturnType<typeof graphiql.field>, name: string) =>
  of.getByRole('checkbox', { name, exact: true }).first().check();

it('puts a query together by clicks, with a filter that takes several values, and runs it', async () => {
  await newTab();
  await check(graphiql.field('productOrders'), 'productOrders');
  const orders = graphiql.field('productOrders');
  await check(orders, 'filter');
  await check(orders.getByRole('group', { name: 'status' }), 'RECEIVED');
  await check(orders.getByRole('group', { name: 'status' }), 'COMPLETED');
  await orders.getByLabel('first', { exact: true }).fill('20');
  await check(graphiql.field('productOrders', 'nodes'), 'status');
  await visitor.picture('explorer');
  await expect.poll(graphiql.query).toContain('status: [COMPLETED, RECEIVED]');
  const { data, errors } = await graphiql.run();
  expect(errors).toBeUndefined();
  const statuses = data.productOrders.nodes.map(({ status }: { status: string }) => status);
  expect(new Set(statuses)).toEqual(new Set(['RECEIVED', 'COMPLETED']));
  expect(statuses.length).toBeLessThanOrEqual(20);

  // A value that is taken away again, and the last one with its argument.
  const group = orders.getByRole('group', { name: 'status' });
  await group.getByRole('checkbox', { name: 'COMPLETED' }).uncheck();
  await expect.poll(graphiql.query).toContain('status: [RECEIVED]');
  await group.getByRole('checkbox', { name: 'RECEIVED', exact: true }).uncheck();
  await expect.poll(graphiql.query).not.toContain('status:');
  expect(visitor.complaints).toEqual([]);
});

it('sets the capture types of sales units, and what they are ordered by', async () => {
  await newTab();
  await check(graphiql.field('salesUnits'), 'salesUnits');
  const units = graphiql.field('salesUnits');
  await check(units, 'filter');
  await check(units.getByRole('group', { name: 'captureType' }), 'DIRECT_CAPTURE');
  await check(units, 'orderBy');
  await units.getByLabel('direction', { exact: true }).selectOption('DESC');
  await check(graphiql.field('salesUnits', 'nodes'), 'configuration');
  await check(graphiql.field('salesUnits', 'nodes', 'configuration'), 'captureType');
  await expect.poll(graphiql.query).toContain('captureType: [DIRECT_CAPTURE]');
  const { data, errors } = await graphiql.run();
  expect(errors).toBeUndefined();
  expect(data.salesUnits.nodes.length).toBeGreaterThan(0);
  for (const { configuration } of data.salesUnits.nodes)
    expect(configuration.captureType).toBe('DIRECT_CAPTURE');
  expect(visitor.complaints).toEqual([]);
});

it('changes a query that was written by hand, and leaves its comments and variables alone', async () => {
  await graphiql.openExplorer();
  await check(graphiql.field('salesUnits', 'nodes'), 'status');
  await expect.poll(graphiql.query).toContain('# Ctrl-Enter runs it.');
  expect(await graphiql.query()).toMatch(/query AdminPage\(\$first: Int = 1000\).*first: \$first/);
  await graphiql.field('salesUnits', 'nodes', 'merchant').getByRole('checkbox').first().uncheck();
  await expect.poll(graphiql.query).not.toContain('merchant {');
  const { errors } = await graphiql.run();
  expect(errors).toBeUndefined();
});

it('waits while the query has a syntax error', async () => {
  await graphiql.openExplorer();
  await graphiql.replace('query Broken { ');
  await visitor.page.getByText('The query has a syntax error.').waitFor();
  await graphiql.replace('query Fixed { viewer { tenant } }');
  await expect.poll(() => graphiql.field('viewer', 'tenant').getByRole('checkbox').isChecked()).toBe(true);
});

it('keeps a __typename that was written by hand, and takes its own away', async () => {
  await graphiql.openExplorer();
  await graphiql.replace('query Mine { salesUnits(first: 1) { __typename nodes { msn } } }');
  // The query before had a merchant, whose fields would be found first.
  const merchant = graphiql.field('salesUnits', 'nodes', 'merchant').getByRole('checkbox').first();
  await expect.poll(() => merchant.isChecked()).toBe(false);
  await check(graphiql.field('salesUnits', 'nodes'), 'name');
  await expect.poll(graphiql.query).toMatch(/__typename.*nodes.*msn.*name/);

  // The last field that is taken away leaves a valid query, and the next one takes its place.
  await graphiql.replace('query Mine { salesUnits(first: 1) { totalCount } }');
  const total = graphiql.field('salesUnits', 'totalCount').getByRole('checkbox');
  await expect.poll(() => total.isChecked()).toBe(true);
  await total.uncheck();
  await expect.poll(graphiql.query).toMatch(/salesUnits\(first: 1\) \{\s*__typename\s*\}/);
  expect((await graphiql.run()).errors).toBeUndefined();
  await total.check();
  await expect.poll(graphiql.query).toMatch(/salesUnits\(first: 1\) \{\s*totalCount\s*\}/);
});
