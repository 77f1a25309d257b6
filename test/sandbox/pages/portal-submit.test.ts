import { afterAll, describe, expect, it } from 'vitest';
import { submit, visit } from '../page-client.ts';
import { startPortal, website } from './start-portal.ts';

const { sandbox, packages, rest, place, stateOf, move } = await startPortal();
afterAll(() => sandbox.close());

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
    ['salesUnitName', '', 'Enter the name of the sales unit.'],
    ['salesUnitName', 'A & B', 'Must contain only letters'],
    ['website.url', '', 'Enter the address of the website.'],
    ['website.url', 'http://example.com', 'Must be a URL that starts with https://'],
    ['website.termsUrl', '', 'Enter the address of the terms of sale.'],
    ['settlementBankAccount.id', '', 'Enter the settlement account'],
    ['settlementBankAccount.id', 'NO9386011117947', 'Must be a string of 9 to 34 digits'],
    ['pricePackageId', '', 'Choose a price.'],
    ['pricePackageId', crypto.randomUUID(), 'Choose a price.'],
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
