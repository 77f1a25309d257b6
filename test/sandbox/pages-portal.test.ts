import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { png } from '../support/png.ts';
import { type ApiHeaders, control, send, signIn } from './client.ts';
import { deleteOrder, details, order } from './ordering.ts';
import { inputValue, submit, visit } from './page-client.ts';

let sandbox: Sandbox;
let headers: ApiHeaders;
beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9 });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

const website = { url: 'https://example.com', termsUrl: 'https://example.com/terms' };
/** Of a business that has signed, so that its page is the form. */
const wanted = () => ({
  businessIdentifier: sandbox.data.ownMerchant,
  productType: 'PAYMENT_INTEGRATION',
  salesUnitName: 'Kaffebar Nord',
  website,
});
/** What the form needs beyond that. */
const rest = () => ({
  salesUnitName: 'Kaffebar Nord',
  'website.url': website.url,
  'website.termsUrl': website.termsUrl,
  'settlementBankAccount.id': '86011117947',
  pricePackageId: packages('PAYMENT_INTEGRATION', 'NO')[0]?.pricePackageId ?? '',
});
const packages = (productType: string, market: string) =>
  sandbox.data.pricePackages.filter((one) => one.productType === productType && one.market === market);
const place = async (body: object = {}): Promise<{ id: string; path: string }> => {
  const { json } = await order(sandbox, headers, { ...wanted(), ...body });
  return { id: json.prefilledOrderId, path: new URL(json.prefillUrl).pathname };
};
const stateOf = async (id: string) => (await details(sandbox, headers, id)).json.status;
const move = (id: string, status: string) => control(sandbox, 'POST', `orders/${id}`, { status });

describe('opening the link', () => {
  it('moves the order to MERCHANT_VIEWED, once', async () => {
    const { id, path } = await place();
    expect((await visit(sandbox, path)).status).toBe(200);
    expect(await stateOf(id)).toBe('MERCHANT_VIEWED');
    expect((await visit(sandbox, path)).status).toBe(200);
  });

  it.each([
    ['HEAD', {}],
    ['GET', { 'Sec-Purpose': 'prefetch' }],
    ['GET', { 'Sec-Purpose': 'prefetch;prerender' }],
    ['GET', { Purpose: 'prefetch' }],
  ])('does not, when nobody looks: %s %j', async (method, ahead) => {
    const { id, path } = await place();
    expect((await visit(sandbox, path, ahead as Record<string, string>, method)).status).toBe(200);
    expect(await stateOf(id)).toBe('RECEIVED');
  });

  it('is not counted as a call', async () => {
    const { path } = await place();
    const before = sandbox.stats();
    await visit(sandbox, path);
    await visit(sandbox, '/portal/register/prefilled/nothing');
    await submit(sandbox, path);
    expect(sandbox.stats()).toEqual(before);
  });

  it('keeps everything away from caches, scripts and frames', async () => {
    const { headers: got, body } = await visit(sandbox, (await place()).path);
    expect(got.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']{44}'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(got.get('cache-control')).toBe('no-store');
    expect(got.get('x-content-type-options')).toBe('nosniff');
    expect(got.get('referrer-policy')).toBe('same-origin');
    expect(body).toContain('This is a simulation.');
    expect(body).not.toMatch(/<script|<iframe|style="|javascript:|https?:\/\/(?!example)[^"<]*"/);
  });
});

describe('a business without an agreement', () => {
  it('signs first, once for all of its orders, and again after the state is reset', async () => {
    const business = { businessIdentifier: { scheme: 'business:FI:Y-tunnus', id: '0112038-9' } };
    const [one, two] = [await place(business), await place(business)];
    expect((await visit(sandbox, one.path)).body).toContain('Sign the Merchant Agreement');
    // A form that is sent all the same submits nothing.
    expect(await submit(sandbox, one.path, rest())).toMatchObject({ status: 303, location: one.path });
    expect(await stateOf(one.id)).toBe('MERCHANT_VIEWED');
    const signed = await submit(sandbox, `${one.path}/agreement`);
    expect(signed).toMatchObject({ status: 303, location: one.path });
    for (const { path } of [one, two])
      expect((await visit(sandbox, path)).body).toContain('Submit the order');
    await control(sandbox, 'POST', 'state/reset');
    expect((await visit(sandbox, (await place(business)).path)).body).toContain(
      'Sign the Merchant Agreement',
    );
  });

  it('is one as well when its merchant is deactivated', async () => {
    const businessIdentifier = sandbox.data.hidden.deactivatedMerchant;
    expect((await visit(sandbox, (await place({ businessIdentifier })).path)).body).toContain(
      'Sign the Merchant',
    );
  });
});

describe('the form', () => {
  it('shows every field that was given, but never a password', async () => {
    const { path } = await place({
      productUseCase: 'WebsiteWithTest',
      annualTurnover: 123456,
      annualTurnoverPercentage: '70',
      intendedPurpose: 'Coffee\nto go',
      app: { appName: 'Kaffe-app' },
      website: {
        ...website,
        testWebsiteUrl: 'https://t.example',
        testWebsiteUsername: 'guest',
        testWebsitePassword: 'hemmelig',
      },
      hasRecurring: true,
      merchantCategoryCode: 763,
      settlementBankAccount: { scheme: 'BBAN:NO', id: '86011117947' },
      salesUnitLogo: png(120, 130),
    });
    const { body } = await visit(sandbox, path);
    const values = [
      'salesUnitName',
      'website.url',
      'website.termsUrl',
      'website.testWebsiteUrl',
      'website.testWebsiteUsername',
      'app.appName',
      'annualTurnover',
      'merchantCategoryCode',
      'settlementBankAccount.id',
    ];
    expect(values.map((name) => inputValue(body, name))).toEqual([
      'Kaffebar Nord',
      'https://example.com',
      'https://example.com/terms',
      'https://t.example',
      'guest',
      'Kaffe-app',
      '123456',
      '0763',
      '86011117947',
    ]);
    expect(body).toMatch(/<option value="WebsiteWithTest" selected>/);
    expect(body).toMatch(/<option value="70" selected>/);
    expect(body).toMatch(/name="hasRecurring" value="true" checked/);
    expect(body).toContain('Coffee\nto go</textarea>');
    expect(body).toContain(sandbox.data.ownMerchant.id);
    expect(body).toMatch(/<img [^>]*src="data:image\/png;base64,/);
    expect(body).toContain('Given: ••••••••');
    expect(body).not.toContain('hemmelig');
  });

  it('says that a logo is not shown, and does not show it', async () => {
    const { body } = await visit(sandbox, (await place({ salesUnitLogo: png(99, 99) })).path);
    expect(body).toContain('Not shown');
    expect(body).not.toContain('<img');
  });

  it('escapes whatever it shows', async () => {
    const attack = '"><img src=x onerror=alert(1)></textarea><script>1</script>';
    const { path } = await place({
      salesUnitName: '<b>=[x]',
      intendedPurpose: attack,
      app: { appName: attack },
      website: {
        url: `https://${attack}`,
        termsUrl: 'https://x',
        testWebsiteUrl: 'javascript:alert(1)',
        testWebsiteUsername: attack,
      },
      salesUnitLogo: attack,
    });
    const shown = [
      (await visit(sandbox, path)).body,
      (await submit(sandbox, path, { intendedPurpose: attack })).body,
    ];
    shown.push((await visit(sandbox, '/_sandbox/ui/orders')).body);
    for (const body of shown) {
      expect(body).not.toMatch(/<script|<img|<b>|href="javascript/);
      expect(body).not.toContain(attack);
    }
    expect(inputValue(shown[0] ?? '', 'salesUnitName')).toBe('&#60;b&#62;=[x]');
  });

  it('hides the price when the partner settled it or has one package only, and else offers its own', async () => {
    const [visible, invisible] = packages('PAYMENT_INTEGRATION', 'NO');
    const open = (await visit(sandbox, (await place()).path)).body;
    expect(open.match(/type="radio"/g)).toHaveLength(1);
    expect(open).toContain(`${visible?.name}, ${visible?.description}`);
    expect(open).not.toContain(invisible?.name);
    const given = (await visit(sandbox, (await place({ pricePackageId: invisible?.pricePackageId })).path))
      .body;
    const only = (await visit(sandbox, (await place({ productType: 'CASHIER' })).path)).body;
    for (const [body, one] of [
      [given, invisible],
      [only, packages('CASHIER', 'NO')[0]],
    ] as const) {
      expect(body).not.toContain('type="radio"');
      expect(body).toContain(one?.name);
      expect(body).not.toContain(one?.description);
    }
  });

  it('offers the packages of the market of the business', async () => {
    const danish = sandbox.data.merchants.find(({ scheme }) => scheme === 'business:DK:CVR');
    const { body } = await visit(sandbox, (await place({ businessIdentifier: danish })).path);
    expect(body).toContain(packages('PAYMENT_INTEGRATION', 'DK')[0]?.pricePackageId);
    expect(body).not.toContain(packages('PAYMENT_INTEGRATION', 'NO')[0]?.pricePackageId);
  });
});

describe('submitting', () => {
  it('counts what the merchant edited: the unit has the new name', async () => {
    const { id, path } = await place();
    const sent = await submit(sandbox, path, { ...rest(), salesUnitName: 'Kaffebar Sør' });
    expect(sent).toMatchObject({ status: 303, location: path });
    expect(await stateOf(id)).toBe('ORDER_SUBMITTED');
    const { body } = await visit(sandbox, path);
    expect(body).toContain('being processed');
    expect(body).toMatch(
      /role="note".*In this simulation.*<a href="\/_sandbox\/ui\/orders">the orders page<\/a>/,
    );
    expect(body).not.toContain('<form');
    expect((await move(id, 'COMPLETED')).json.salesUnit.name).toBe('Kaffebar Sør');
  });

  it.each([
    ['salesUnitName', '', 'Give the sales unit a name.'],
    ['salesUnitName', 'A & B', 'Must have only letters'],
    ['website.url', '', 'Give the address of the website.'],
    ['website.url', 'http://example.com', 'Must be a URL that starts with https://'],
    ['website.termsUrl', '', 'Give the address of the terms of sale.'],
    ['settlementBankAccount.id', '', 'Give the account'],
    ['settlementBankAccount.id', 'NO9386011117947', 'Must be a string of 9 to 34 digits'],
    ['pricePackageId', '', 'Choose one of the prices.'],
    ['pricePackageId', crypto.randomUUID(), 'Choose one of the prices.'],
    ['annualTurnover', 'a lot', 'Must be an integer'],
    ['merchantCategoryCode', '12345', 'Must be four digits'],
    ['productUseCase', 'Shop', 'Must be one of'],
  ])('with %s %j is refused at the field', async (name, value, message) => {
    const { id, path } = await place();
    const { status, body } = await submit(sandbox, path, {
      ...rest(),
      [name]: value,
      intendedPurpose: 'My edit',
    });
    expect(status).toBe(422);
    const [, told] = new RegExp(`id="${name}-wrong">([^<]*)<`).exec(body) ?? [];
    expect(told).toContain(message);
    expect(body.match(/-wrong">/g)).toHaveLength(1);
    expect(body).toMatch(
      new RegExp(`name="${name}"[^>]* aria-describedby="[^"]*${name}-wrong" aria-invalid="true"`),
    );
    expect(body).toContain('My edit</textarea>');
    expect(await stateOf(id)).not.toBe('ORDER_SUBMITTED');
  });

  it.each([
    ['an app', { productUseCase: 'App' }, ['app.appName']],
    [
      'a test site',
      { productUseCase: 'WebsiteWithTest' },
      ['website.url', 'website.termsUrl', 'website.testWebsiteUrl'],
    ],
    ['nothing named', {}, ['website.url', 'website.termsUrl']],
    ['a point of sale', { productUseCase: 'Unknown' }, []],
  ])('a payment integration for %s needs what belongs to it', async (_, use, names) => {
    const { path } = await place({ website: null });
    const { body } = await submit(sandbox, path, {
      ...rest(),
      'website.url': '',
      'website.termsUrl': '',
      ...(use as object),
    });
    expect([...body.matchAll(/id="([^"]*)-wrong"/g)].map(([, name]) => name)).toEqual(names);
  });

  it('keeps a password that was given, and takes no other partner’s price', async () => {
    const given = { ...website, testWebsitePassword: 'hemmelig' };
    const { id, path } = await place({
      website: given,
      pricePackageId: packages('CASHIER', 'NO')[0]?.pricePackageId,
    });
    const other = crypto.randomUUID();
    await submit(sandbox, path, { ...rest(), pricePackageId: other, 'website.testWebsitePassword': '' });
    const kept = sandbox.data.orders.find((one) => one.id === id)?.request;
    expect(kept?.website?.testWebsitePassword).toBe('hemmelig');
    expect(kept?.pricePackageId).toBe(packages('CASHIER', 'NO')[0]?.pricePackageId);
  });
});

it('has no website when every field of it was emptied, whatever password was given', async () => {
  const given = { ...website, testWebsitePassword: 'hemmelig' };
  const { id, path } = await place({ website: given });
  const empty = { 'website.url': '', 'website.termsUrl': '', productUseCase: 'Unknown' };
  expect((await submit(sandbox, path, { ...rest(), ...empty })).status).toBe(303);
  expect(sandbox.data.orders.find((one) => one.id === id)?.request?.website).toBeNull();
});

describe('an order that is not open', () => {
  it.each([
    ['ORDER_SUBMITTED', 'The order is submitted'],
    ['COMPLETED', 'The order is completed'],
    ['REJECTED', 'The order was rejected'],
  ])('shows that it is %s, without a form', async (status, title) => {
    const { id, path } = await place();
    await move(id, status);
    const { status: answered, body } = await visit(sandbox, path);
    expect([answered, body]).toEqual([200, expect.stringContaining(`<h1>${title}</h1>`)]);
    expect(body.match(/<dt>Sales unit<\/dt><dd>Kaffebar Nord<\/dd>/g)).toHaveLength(1);
    expect(body).not.toContain('<form');
    expect((await submit(sandbox, path, rest())).body).toContain(title);
    expect(await stateOf(id)).toBe(status);
  });

  it('is an error when it is expired, deleted, unknown or was not made by prefill', async () => {
    await using own = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9 });
    const auth = await signIn(own);
    const made = await order(own, auth);
    const path = new URL(made.json.prefillUrl).pathname;
    own.clock.advance(14 * 86_400_000);
    expect(await visit(own, path)).toMatchObject({ status: 410, body: expect.stringContaining('expired') });
    expect((await submit(own, `${path}/agreement`)).status).toBe(410);
    const deleted = await place();
    await deleteOrder(sandbox, headers, deleted.id);
    const manual = sandbox.data.orders.find(({ type, id }) => type === 'MANUAL' && id)?.id;
    const base = '/portal/register/prefilled';
    for (const gone of [deleted.path, `${base}/${manual}`, `${base}/x`, '/portal/other']) {
      expect((await visit(sandbox, gone)).status).toBe(404);
    }
    expect((await visit(sandbox, `${base}/%zz`)).status).toBe(400);
    const wrong = await visit(sandbox, deleted.path, {}, 'DELETE');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });
});

it('leaves the API untouched: its answers still come as before', async () => {
  expect((await send(sandbox, 'GET', '/management/v1/sales-units', { headers })).status).toBe(200);
});
