import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPricePackages, type PricePackage } from '../../../src/sandbox/data/price-package.ts';
import { createSeededRandom } from '../../../src/sandbox/data/seeded-random.ts';
import { choosePrice } from '../../../src/sandbox/pages/portal/price-choice.ts';
import { inputValue, visit } from '../page-client.ts';
import { startPortal } from './start-portal.ts';

let portal: Awaited<ReturnType<typeof startPortal>>;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.sandbox.close());

describe('the category code', () => {
  it.each([
    ['5812', '5812'],
    [763, '0763'],
    ['0742', '0742'],
    ['0001', ''],
    ['1000', ''],
    [1, ''],
  ])('%j is preselected as "%s": the form ignores a code that it does not have', async (code, value) => {
    const { path } = await portal.place({ merchantCategoryCode: code });
    const { body } = await visit(portal.sandbox, path);
    expect(inputValue(body, 'merchantCategoryCode') ?? '').toBe(value);
  });
});

describe('the price', () => {
  const request = {
    businessIdentifier: { scheme: 'business:NO:ORG', id: '123456785' },
    productType: 'PAYMENT_INTEGRATION',
  };
  const all = createPricePackages(createSeededRandom(1), 'sandbox-partner');
  const fitting = all.filter(
    ({ market, productType }) => market === 'NO' && productType === 'PAYMENT_INTEGRATION',
  );
  const other = all.filter(({ market }) => market === 'DK');
  const kindOf = (packages: readonly (PricePackage | undefined)[]) =>
    choosePrice(
      request,
      null,
      packages.filter((one) => one !== undefined),
    ).kind;

  it('is hidden when the partner has exactly one package, whatever it is for', () => {
    expect(kindOf([fitting[0]])).toBe('settled');
    expect(kindOf([other[0]])).toBe('settled');
  });
  it('is hidden when exactly one package fits', () => expect(kindOf([fitting[0], ...other])).toBe('settled'));
  it('is chosen when several fit', () => expect(kindOf(all)).toBe('open'));
  it('is not there when there are several and none fits', () => expect(kindOf(other)).toBe('none'));
});
