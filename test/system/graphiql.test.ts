import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Serving, startServing } from '../cli/serving.ts';
import { openBrowser, type Visitor } from './browser.ts';
import { graphiqlOn } from './graphiql-page.ts';

const TABS = ['AdminPage', 'OneUnit', 'OpenOrders', 'Prices', 'Changes', 'Live', 'Onboard'];

let serving: Serving;
let visitor: Visitor;
let graphiql: ReturnType<typeof graphiqlOn>;

beforeAll(async () => {
  serving = await startServing({ SANDBOX_UNITS: '1000', DIRECTORY: 'on' });
});
afterAll(() => serving[Symbol.asyncDispose]());

beforeEach(async () => {
  visitor = await openBrowser();
  graphiql = graphiqlOn(visitor.page);
  await graphiql.load(() => visitor.page.goto(serving.url));
  return () => visitor[Symbol.asyncDispose]();
});

it('opens without a request to any other host and without a complaint of the browser', async () => {
  expect(await visitor.page.title()).toBe('Management API – Sandbox');
  await visitor.picture('opened');
  // Each file once, except that editors of JSON share a worker's script, which the browser then has.
  const files = /^200 GET \/graphiql\/[\w.-]+\.(js|css|ttf)$/;
  expect(visitor.answers.filter((one) => !files.test(one))).toEqual([
    '200 GET /graphql',
    '200 POST /graphql',
  ]);
  expect(visitor.foreignRequests).toEqual([]);
  expect(visitor.complaints).toEqual([]);
  // The browser fetches icons outside the page's sight, so they are looked for in the page itself.
  const links = await visitor.page
    .locator('link[href]')
    .evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  expect(
    links.filter((href) => !/^(data:|\/graphiql\/|http:\/\/127\.0\.0\.1:\d+\/graphiql\/)/.test(href ?? '')),
  ).toEqual([]);
  expect(links.filter((href) => href?.startsWith('data:image/svg+xml,'))).toHaveLength(1);
});

it('has a mark and a name of its own, and says that its data is made up', async () => {
  const banner = visitor.page.getByRole('banner');
  expect(await banner.locator('svg.mark').count()).toBe(1);
  expect(await banner.textContent()).toContain('Management API');
  expect(await banner.getByRole('note').textContent()).toContain('Sandbox All data is made up.');
  expect(await visitor.page.locator('.graphiql-session-header').textContent()).not.toMatch(/GraphiQL|Yoga/);
});

it('offers the questions that people come with', async () => {
  expect(await graphiql.tabs()).toEqual(TABS);
  expect(await graphiql.selectedTab()).toBe('AdminPage');
});

it('shows a thousand units with their merchants at one press of a button', async () => {
  const { data, errors } = await graphiql.run();
  await visitor.picture('AdminPage');
  expect(errors).toBeUndefined();
  expect(data.salesUnits.nodes).toHaveLength(1000);
  expect(data.salesUnits.nodes[0]).toMatchObject({ configuration: {}, merchant: { status: 'ACTIVE' } });
  expect(await graphiql.shown()).toContain(data.salesUnits.nodes[0].name);
  expect(visitor.complaints).toEqual([]);
});

it.each([
  ['OneUnit', { salesUnit: { name: expect.any(String), merchant: { name: expect.any(String) } } }],
  ['OpenOrders', { productOrders: { nodes: expect.arrayContaining([expect.any(Object)]) } }],
  ['Prices', { pricePackages: expect.arrayContaining([expect.any(Object)]) }],
  ['Changes', { changes: { pageInfo: { endCursor: expect.any(String) } } }],
  [
    'Onboard',
    {
      prefillProductOrder: {
        productOrder: { status: 'RECEIVED' },
        prefillUrl: expect.any(String),
        userErrors: [],
      },
    },
  ],
])('opens the tab %s at the first click, and it shows data when run', async (title, expected) => {
  await graphiql.openTab(title);
  const { data, errors } = await graphiql.run();
  await visitor.picture(title);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject(expected);
  expect(visitor.complaints).toEqual([]);
  expect(visitor.foreignRequests).toEqual([]);
});

it('follows changes live, until it is stopped', async () => {
  await graphiql.openTab('Live');
  await visitor.page.getByRole('button', { name: /^Execute query/ }).click();
  await expect.poll(graphiql.shown).toContain('"caughtUp": true');
  await visitor.picture('Live');
  await visitor.page.getByRole('button', { name: /^Stop query/ }).click();
  expect(visitor.complaints).toEqual([]);
});

it('explains the schema field by field', async () => {
  await graphiql.openDocs();
  await graphiql.docs.getByRole('link', { name: 'Query' }).first().click();
  await graphiql.docs.getByText('One upstream call').first().waitFor();
  await graphiql.docs.getByRole('link', { name: 'salesUnits', exact: true }).click();
  await visitor.picture('docs');
  expect(await graphiql.docs.textContent()).toContain('SalesUnitConnection');
  expect(visitor.complaints).toEqual([]);
});

it('is still GraphiQL, with the same tabs, when it is loaded again after an edit', async () => {
  await graphiql.type('# edited');
  await graphiql.load(() => visitor.page.reload());
  await visitor.picture('edited');
  expect(await graphiql.tabs()).toEqual(TABS);
  expect(await graphiql.query()).toContain('# edited');
});

it('comes back with the tabs that a person made, and the one that was open', async () => {
  const add = async (text: string) => {
    await visitor.page.getByRole('button', { name: 'New tab' }).click();
    await graphiql.type(text);
  };
  await add('{ viewer { tenant } }');
  await add('query Mine { viewer { scopes } }');
  await graphiql.openTab('OneUnit');
  const before = [await graphiql.tabs(), await graphiql.query()];
  await graphiql.load(() => visitor.page.reload());
  expect([await graphiql.tabs(), await graphiql.query()]).toEqual(before);
  expect(await graphiql.selectedTab()).toBe('OneUnit');
  await graphiql.openTab('Mine');
  expect(await graphiql.query()).toContain('viewer { scopes }');
  await graphiql.openTab('<untitled>');
  expect(await graphiql.query()).toContain('{ viewer { tenant } }');
});

it('clears what is its own only', async () => {
  const { page } = visitor;
  await graphiql.type('# mine');
  await page.evaluate(() => localStorage.setItem('other:app', 'kept'));
  await page.getByRole('button', { name: 'Open settings dialog' }).click();
  await page.getByRole('button', { name: 'Clear data' }).click();
  await expect.poll(() => page.evaluate(() => localStorage.getItem('graphiql:tabState'))).toBeNull();
  expect(await page.evaluate(() => localStorage.getItem('other:app'))).toBe('kept');
});

it('runs the operation of the tab that was opened just before', async () => {
  await visitor.page.getByRole('tab', { name: 'Prices' }).click();
  const { data, errors } = await graphiql.run();
  expect(errors).toBeUndefined();
  expect(data).toHaveProperty('pricePackages');
});

it('sends its own content type and reports once, whatever the header editor says', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await page.locator('.graphiql-editor-tool .view-lines:visible').click();
  await page.keyboard.insertText('{"Content-Type": "application/json", "X-COST-REPORT": "1"}');
  const asked = page.waitForRequest(
    (one) => one.method() === 'POST' && one.headers()['x-cost-report'] !== undefined,
  );
  const { errors } = await graphiql.run();
  expect(errors).toBeUndefined();
  expect((await asked).headers()).toMatchObject({ 'content-type': 'application/json', 'x-cost-report': '1' });
});

it('says what an answer has cost, for the tab that shows it', async () => {
  await graphiql.run();
  const status = await graphiql.status.textContent();
  expect(status).toMatch(/Upstream [\d,]+ calls?, [\d,]+ cached, \d+ ms, oldest data \d\d:\d\d:\d\d/);
  expect(status).toMatch(/Cost: estimate 2,001 calls and 3,003 rows; [\d,]+ points? charged/);
  await graphiql.openTab('Prices');
  expect(await graphiql.status.count()).toBe(0);
});

it.each([
  [
    'an error',
    'query A { salesUnits(first: 1, after: "x") { totalCount } }',
    'BAD_USER_INPUT',
    'BAD_USER_INPUT',
  ],
  [
    'a user error',
    'mutation B { deleteProductOrder(input: { productOrderId: "b2f1c9a0-0000-4000-8000-000000000000" }) { userErrors { code } } }',
    'NOT_FOUND',
    'user-NOT_FOUND',
  ],
])('links the code of %s to its explanation', async (_kind, operation, code, anchor) => {
  await visitor.page.getByRole('button', { name: 'New tab' }).click();
  await visitor.page.locator('[role=tab][aria-selected=true]', { hasText: '<untitled>' }).waitFor();
  await graphiql.replace(operation);
  await graphiql.run();
  await visitor.picture(`code-${code}`);
  const opened = visitor.page.waitForEvent('popup');
  await graphiql.status.getByRole('link', { name: code, exact: true }).click();
  const docs = await opened;
  await docs.waitForLoadState();
  expect(new URL(docs.url()).pathname).toBe('/graphiql/docs/error-codes');
  const section = docs.locator('section:target');
  expect(await section.getAttribute('id')).toBe(anchor);
  expect(await section.getByRole('heading', { name: code, exact: true }).count()).toBe(1);
  await docs.screenshot({ path: '.cache/pictures/codes.png' });
  expect(visitor.complaints).toEqual([]);
  expect(visitor.foreignRequests).toEqual([]);
});

it('keeps what was run in a history, from which it can be opened again', async () => {
  await graphiql.openTab('Prices');
  await graphiql.run();
  await graphiql.openTab('AdminPage');
  await visitor.page.getByRole('button', { name: 'Show History' }).click();
  await visitor.picture('history');
  await visitor.page.locator('.graphiql-history-item').getByText('Prices').first().click();
  await expect.poll(graphiql.query).toContain('query Prices');
  expect(visitor.complaints).toEqual([]);
});

it('runs the query at Ctrl-Enter, and formats it at the shortcut that it names', async () => {
  await visitor.page.locator('.graphiql-query-editor .view-lines').click();
  const answered = visitor.page.waitForResponse((one) => one.request().method() === 'POST');
  await visitor.page.keyboard.press('Control+Enter');
  expect((await (await answered).json()).data.salesUnits.totalCount).toBe(1000);
  await graphiql.replace('query   Short { viewer { tenant } }');
  await visitor.page.keyboard.press('Control+Shift+P');
  // The formatter is loaded when it is first needed.
  await expect
    .poll(graphiql.query, { timeout: 5_000 })
    .toMatch(/^query Short \{ {2}viewer \{ {4}tenant {2}\}\}$/);
  expect(visitor.complaints).toEqual([]);
});
