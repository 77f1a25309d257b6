import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type ApiHeaders, send, signIn } from '../sandbox/client.ts';
import { details, listed, order } from '../sandbox/ordering.ts';
import { png } from '../support/png.ts';
import { openBrowser, type Visitor } from './browser.ts';
import { flawsOf, tabTo } from './onboarding-page.ts';

const UNITS = '/management/v1/sales-units';
const prefilled = {
  businessIdentifier: { scheme: 'business:NO:ORG', id: '923609016' },
  productType: 'PAYMENT_INTEGRATION',
  productUseCase: 'WebsiteWithTest',
  salesUnitName: 'Fjord Sykler',
  salesUnitLogo: png(200, 120),
  annualTurnover: 1_500_000,
  annualTurnoverPercentage: '40',
  intendedPurpose: 'Bicycles and repairs, ordered online and paid when sent.',
  website: {
    url: 'https://example.com',
    termsUrl: 'https://example.com/terms',
    testWebsiteUrl: 'https://example.com/test',
    testWebsitePassword: 'open sesame',
  },
  merchantCategoryCode: 5940,
};

let sandbox: Sandbox;
let headers: ApiHeaders;
let visitor: Visitor;
/** Statuses of pages that are errors on purpose: the browser notes them on its console. */
let errors: number[];

beforeEach(async () => {
  errors = [];
  sandbox = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9 });
  headers = await signIn(sandbox);
});
afterEach(async () => {
  const { foreignRequests, complaints } = visitor;
  await visitor[Symbol.asyncDispose]();
  await sandbox.close();
  expect(foreignRequests).toEqual([]);
  expect(complaints).toEqual(errors.map((status) => expect.stringContaining(`status of ${status}`)));
});

/** Nothing here may need a script. */
const open = async (options = {}) => {
  visitor = await openBrowser({ javaScriptEnabled: false, ...options });
  return visitor.page;
};
const place = async (body: object = prefilled): Promise<{ prefilledOrderId: string; prefillUrl: string }> =>
  (await order(sandbox, headers, body)).json;
const unitNames = async () =>
  (await send(sandbox, 'GET', UNITS, { headers })).json.map(({ name }: { name: string }) => name);

it('takes a merchant from the link to a sales unit of its own', async () => {
  const page = await open();
  const { prefilledOrderId: id, prefillUrl } = await place();
  const status = async () => (await details(sandbox, headers, id)).json.status;

  await page.goto(prefillUrl);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign the Merchant Agreement');
  expect(await status()).toBe('MERCHANT_VIEWED');
  await visitor.picture('onboarding-agreement');
  await page.getByRole('button', { name: 'Sign the agreement' }).click();

  expect(await page.getByLabel('Name that customers see').inputValue()).toBe('Fjord Sykler');
  expect(await page.getByLabel('Website', { exact: true }).inputValue()).toBe('https://example.com');
  expect(await page.getByLabel('Where it is used').inputValue()).toBe('WebsiteWithTest');
  expect(await page.getByLabel('Merchant category code').inputValue()).toBe('5940');
  expect(
    await page.getByRole('img', { name: 'Logo' }).evaluate((img: HTMLImageElement) => img.naturalWidth),
  ).toBe(200);
  expect(await page.content()).not.toContain('open sesame');
  await visitor.picture('onboarding-order');

  await page.getByRole('button', { name: 'Submit the order' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('was not submitted');
  expect(await page.getByText('Enter the settlement account').textContent()).toBe(
    'Enter the settlement account.',
  );
  errors = [422];
  await visitor.picture('onboarding-missing');
  expect(await status()).toBe('MERCHANT_VIEWED');

  await page.getByLabel('Account number').fill('8601 11 17947');
  await page.getByLabel('Online standard NO').check();
  await page.getByLabel('Name that customers see').fill('Fjord Sykler og Ski');
  await page.getByRole('button', { name: 'Submit the order' }).click();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The order is submitted');
  expect(await status()).toBe('ORDER_SUBMITTED');
  await visitor.picture('onboarding-submitted');

  await page.getByRole('note').getByRole('link', { name: 'the orders page' }).click();
  await visitor.picture('onboarding-orders');
  await page.getByRole('button', { name: `Complete order ${id}` }).click();
  expect(await page.getByRole('status').textContent()).toBe(`Order ${id} is now completed.`);
  expect(await status()).toBe('COMPLETED');
  expect(await unitNames()).toContain('Fjord Sykler og Ski');
  await page.getByRole('link', { name: 'Sales units', exact: true }).click();
  expect(await page.getByRole('cell', { name: 'Fjord Sykler og Ski', exact: true }).count()).toBe(1);
  await visitor.picture('onboarding-units');
  await page.getByLabel('Name or MSN').fill('sykler OG');
  await page.getByRole('button', { name: 'Search' }).click();
  expect(await page.locator('tbody tr').count()).toBe(1);
  await page.goto(prefillUrl);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The order is completed');
});

it('tells the merchant that the order expired, as the API tells the partner', async () => {
  const page = await open();
  const { prefilledOrderId: id, prefillUrl } = await place();
  await page.goto(`${sandbox.url}/_sandbox`);
  await page.getByRole('button', { name: '+14 days' }).click();
  expect(await page.getByRole('status').textContent()).toContain('14 days');
  // The token lives on here; only the order is too old.
  expect(await listed(sandbox, headers, id)).toEqual([]);
  expect(await listed(sandbox, headers, id, '?includeExpired=true')).toMatchObject([{ status: 'EXPIRED' }]);
  const answer = await page.goto(prefillUrl);
  expect(answer?.status()).toBe(410);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The order has expired');
  expect(await page.getByRole('button').count()).toBe(0);
  await visitor.picture('onboarding-expired');
  errors = [410];
});

it('lets the person who runs the sandbox make trouble, and start over, without a line of code', async () => {
  const page = await open();
  const status = async () => (await send(sandbox, 'GET', UNITS, { headers })).status;
  const told = () => page.getByRole('status').textContent();

  await page.goto(`${sandbox.url}/`);
  await page.getByRole('link', { name: 'Faults', exact: true }).click();
  await page.getByLabel('Route').selectOption(`GET ${UNITS}`);
  await page.getByLabel('Caller').selectOption('partner');
  await page.getByLabel('Retry-After, seconds').fill('soon');
  await page.getByLabel('How often').fill('');
  await page.getByRole('button', { name: 'Add the fault' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('was not added');
  expect(await page.getByLabel('Retry-After, seconds').inputValue()).toBe('soon');
  await visitor.picture('trouble-wrong');
  errors = [422];
  await page.getByLabel('Retry-After, seconds').fill('3');
  await page.getByRole('button', { name: 'Add the fault' }).click();
  expect(await told()).toBe('Fault 1 was added.');
  expect(await status()).toBe(429);
  await page.getByRole('link', { name: 'Calls', exact: true }).click();
  expect(await page.getByRole('row', { name: `partner GET ${UNITS} 429` }).count()).toBe(1);

  await page.getByRole('link', { name: 'Policies', exact: true }).click();
  await page.getByLabel('lateDeleteStatus', { exact: true }).selectOption('409');
  await page.getByRole('button', { name: 'Set lateDeleteStatus' }).click();
  expect(await told()).toBe('lateDeleteStatus is now 409.');
  expect(sandbox.policy.lateDeleteStatus).toBe(409);
  await visitor.picture('trouble-policy');

  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await page.getByRole('button', { name: 'Reset counts and faults' }).click();
  expect(await told()).toContain('faults have ended');
  expect(await status()).toBe(200);
  const { prefilledOrderId: id } = await place();
  await page.getByRole('button', { name: 'Reset data' }).click();
  expect(await told()).toContain('as it was at the start');
  expect(await listed(sandbox, headers, id)).toEqual([]);
  expect(sandbox.policy.lateDeleteStatus).toBe(409);
});

it('can be used with the keyboard alone', async () => {
  const page = await open();
  const { prefilledOrderId: id, prefillUrl } = await place({
    ...prefilled,
    businessIdentifier: sandbox.data.ownMerchant,
    pricePackageId: sandbox.data.pricePackages[0]?.pricePackageId,
    settlementBankAccount: { scheme: 'BBAN:NO', id: '86011117947' },
  });
  await page.goto(prefillUrl);
  expect(await tabTo(page, 'Skip to the content')).toBe(1);
  expect(await tabTo(page, 'Submit the order')).toBeLessThan(20);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The order is submitted' }).waitFor();
  expect((await details(sandbox, headers, id)).json.status).toBe('ORDER_SUBMITTED');
  await page.goto(`${sandbox.url}/_sandbox/ui/orders`);
  await tabTo(page, 'Complete');
  await page.keyboard.press('Enter');
  await page.getByText('is now completed').waitFor();
});

it.each([
  ['wide', 'light', 1280],
  ['wide', 'dark', 1280],
  ['narrow', 'light', 320],
  ['narrow', 'dark', 320],
] as const)('reads well on a %s screen in %s colours', async (size, colorScheme, width) => {
  const page = await open({ colorScheme, viewport: { width, height: 800 } });
  const unsigned = await place();
  const known = await place({ ...prefilled, businessIdentifier: sandbox.data.ownMerchant });
  sandbox.fault({ route: `GET ${UNITS}`, status: 429, headers: { 'Retry-After': '10' }, times: 3 });
  await send(sandbox, 'GET', UNITS, { headers }).catch(() => undefined);
  const places = {
    agreement: unsigned.prefillUrl,
    order: known.prefillUrl,
    start: `${sandbox.url}/_sandbox`,
    units: `${sandbox.url}/_sandbox/ui/units`,
    orders: `${sandbox.url}/_sandbox/ui/orders`,
    calls: `${sandbox.url}/_sandbox/ui/calls`,
    faults: `${sandbox.url}/_sandbox/ui/faults`,
    policies: `${sandbox.url}/_sandbox/ui/policies`,
  };
  for (const [name, url] of Object.entries(places)) {
    await page.goto(url);
    await visitor.picture(`page-${name}-${size}-${colorScheme}`);
    expect([name, await flawsOf(page)]).toEqual([name, []]);
  }
});
