import { afterAll, describe, expect, it } from 'vitest';
import { png } from '../../support/png.ts';
import { inputValue, submit, visit } from '../page-client.ts';
import { startPortal, website } from './start-portal.ts';

const { sandbox, packages, place } = await startPortal();
afterAll(() => sandbox.close());

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
