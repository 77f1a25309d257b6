import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataNotice } from '../../src/server/graphiql/data-notice.ts';
import { type Serving, startServing } from '../cli/serving.ts';
import { startTestGateway } from '../support/gateway.ts';
import { listen } from '../support/listen.ts';
import { openBrowser, type Visitor } from './browser.ts';
import { startCountingRelay } from './counting-relay.ts';
import { graphiqlOn } from './graphiql-page.ts';

const MOST_BYTES = 1_500_000;
let serving: Serving;

beforeAll(async () => {
  serving = await startServing({ SANDBOX_UNITS: '200' });
});
afterAll(() => serving[Symbol.asyncDispose]());

const load = async (visitor: Visitor, url = serving.url) => {
  const graphiql = graphiqlOn(visitor.page);
  await graphiql.load(() => visitor.page.goto(url));
  return graphiql;
};

it('takes at most 1.5 MB over the wire at first, and almost nothing the second time', async () => {
  await using relay = await startCountingRelay(serving.url);
  await using visitor = await openBrowser();
  await load(visitor, relay.url);
  // The workers of the editors are loaded last.
  await expect.poll(() => visitor.answers.filter((one) => one.includes('graphql.worker')).length).toBe(1);
  await visitor.page.waitForLoadState('networkidle');
  const first = relay.bytes();
  process.stdout.write(`GraphiQL: ${first} bytes at first load\n`);
  expect(first).toBeLessThan(MOST_BYTES);
  await graphiqlOn(visitor.page).load(() => visitor.page.reload());
  await visitor.page.waitForLoadState('networkidle');
  // What is left is the introspection.
  expect(relay.bytes() - first).toBeLessThan(MOST_BYTES / 10);
});

it.each([
  ['wide', 'light', 1440],
  ['wide', 'dark', 1440],
  ['narrow', 'light', 400],
  ['narrow', 'dark', 400],
] as const)('can be used on a %s screen in %s colours', async (size, colorScheme, width) => {
  await using visitor = await openBrowser({ colorScheme, viewport: { width, height: 900 } });
  const { page } = visitor;
  const graphiql = await load(visitor);
  await graphiql.run();
  await visitor.picture(`look-${size}-${colorScheme}`);
  const [background = 0] = await page.evaluate(
    () =>
      getComputedStyle(document.querySelector('.graphiql-container') as Element)
        .backgroundColor.match(/\d+/g)
        ?.map(Number) ?? [],
  );
  expect(background > 128).toBe(colorScheme === 'light');
  expect(await overflow(visitor)).toBe(0);
  expect(await shownCharacters(visitor)).toBeGreaterThanOrEqual(30);
  const query = await page.locator('.graphiql-editors').boundingBox();
  const response = await page.locator('.graphiql-response').boundingBox();
  const isBelow = (response?.y ?? 0) >= (query?.y ?? 0) + (query?.height ?? 0);
  expect(isBelow).toBe(size === 'narrow');

  for (const panel of ['Schema Explorer', 'Documentation Explorer', 'History']) {
    await page.getByRole('button', { name: `Show ${panel}` }).click();
    await page.getByRole('button', { name: `Hide ${panel}` }).waitFor();
    await visitor.picture(`look-${size}-${colorScheme}-${panel.split(' ')[0]}`);
    expect([panel, await overflow(visitor)]).toEqual([panel, 0]);
    const box = await page.locator('.graphiql-plugin').boundingBox();
    expect(box?.width).toBeGreaterThan(size === 'narrow' ? width * 0.9 : 300);
    await page.getByRole('button', { name: `Hide ${panel}` }).click();
  }
  expect(await shownCharacters(visitor)).toBeGreaterThanOrEqual(30);
  expect(visitor.complaints).toEqual([]);
  expect(visitor.foreignRequests).toEqual([]);
});

it('keeps panels, the settings and a new tab in sight on a narrow screen', async () => {
  await using visitor = await openBrowser({ viewport: { width: 400, height: 900 } });
  const { page } = visitor;
  await load(visitor);
  await page.getByRole('button', { name: 'New tab' }).click();
  const tab = page.locator('[role=tab][aria-selected=true]', { hasText: '<untitled>' });
  await expect.poll(async () => (await tab.boundingBox())?.x).toBeLessThan(400 - 40);
  await page.getByRole('button', { name: 'Show Schema Explorer' }).click();
  const panel = page.locator('.graphiql-plugin');
  await panel.evaluate((element) => element.scrollTo(0, 500));
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await expect.poll(() => panel.evaluate((element) => element.scrollTop)).toBe(0);
  await page.getByRole('button', { name: 'Open settings dialog' }).click();
  await visitor.picture('look-narrow-settings');
  const box = await page.locator('.graphiql-dialog').boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(400);
  const cut = page
    .locator('.graphiql-dialog')
    .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(await cut).toBeLessThanOrEqual(0);
});

it('can be dark on a light system, and stays so', async () => {
  await using visitor = await openBrowser({ colorScheme: 'light' });
  const graphiql = await load(visitor);
  await visitor.page.getByRole('button', { name: 'Open settings dialog' }).click();
  await visitor.page.getByRole('button', { name: 'Dark', exact: true }).click();
  await visitor.page.keyboard.press('Escape');
  await graphiql.load(() => visitor.page.reload());
  await visitor.picture('look-chosen-dark');
  expect(await visitor.page.evaluate(() => document.body.className)).toContain('graphiql-dark');
  expect(visitor.complaints).toEqual([]);
});

it.each([
  ['api.vipps.no', 'real', 'Real data', 'Mutations here create and delete real orders.'],
  ['apitest.vipps.no', 'other', 'Data of apitest.vipps.no', 'Not the embedded sandbox'],
])('warns of the data of %s, in the banner, the title and the schema', async (host, kind, label, text) => {
  const notice = dataNotice({ url: `https://${host}` });
  await using gateway = await startTestGateway({ gateway: { page: { notice } } });
  await using listening = await listen(gateway);
  await using visitor = await openBrowser();
  const graphiql = await load(visitor, listening.url);
  await visitor.picture(`data-${kind}`);
  expect(await visitor.page.title()).toBe(`Management API – ${label}`);
  const banner = visitor.page.getByRole('banner');
  expect(await banner.getAttribute('data-kind')).toBe(kind);
  expect(await banner.getByRole('note').textContent()).toContain(`${label} ${text}`);
  const background = await banner.evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(background).toBe(kind === 'real' ? 'rgb(179, 23, 31)' : 'rgb(255, 227, 168)');
  const { data } = await gateway.query<{ __schema: { description: string } }>('{ __schema { description } }');
  expect(data?.__schema.description).toBe(`Management API. **${label}.** ${notice.text}`);
  await graphiql.openDocs();
  await graphiql.docs.getByText(text.slice(0, 25)).first().waitFor();
  // A first click must not order anything real.
  await graphiql.openTab('Onboard');
  expect(await visitor.page.locator('.graphiql-editor-tool').textContent()).toMatch(/"dryRun":\s*true/);
});

/** How many pixels of the page are beside the screen. */
const overflow = ({ page }: Visitor) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));

/** How many characters of a line of the query editor are visible. */
const shownCharacters = ({ page }: Visitor) =>
  page.evaluate(() => {
    const editor = document.querySelector('.graphiql-query-editor');
    const line = editor?.querySelector('.view-line > span');
    const visible = editor?.querySelector('.editor-scrollable')?.clientWidth ?? 0;
    const width = line?.getBoundingClientRect().width ?? 0;
    return Math.floor(visible / (width / (line?.textContent?.length ?? 1)));
  });
