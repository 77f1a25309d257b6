import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Serving, startServing } from '../cli/serving.ts';
import { openBrowser, type Visitor } from './browser.ts';
import { graphiqlOn } from './graphiql-page.ts';

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
  expect(await visitor.page.title()).toBe('Management API');
  await visitor.picture('opened');
  expect(visitor.answers).toEqual(['200 GET /graphql', '200 POST /graphql']);
  expect(visitor.foreignRequests).toEqual([]);
  expect(visitor.complaints).toEqual([]);
  // The browser fetches icons outside the page's sight, so they are looked for in the page itself.
  const links = await visitor.page
    .locator('link[href]')
    .evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  expect(links.filter((href) => !href?.startsWith('data:'))).toEqual([]);
});

it('offers the questions that people come with', async () => {
  expect(await graphiql.tabs()).toEqual(['AdminPage', 'OneUnit', 'OpenOrders', 'Prices', 'Changes', 'Live']);
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
  expect(await graphiql.tabs()).toEqual(['AdminPage', 'OneUnit', 'OpenOrders', 'Prices', 'Changes', 'Live']);
  expect(await graphiql.query()).toContain('# edited');
});
