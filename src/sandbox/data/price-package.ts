import type { SeededRandom } from './seeded-random.ts';

/** A price package as the API sends it. */
export interface PricePackage {
  pricePackageId: string;
  name: string;
  description: string;
  visibleInSignupForm: boolean;
  productType: string;
  market: 'DK' | 'NO' | 'FI';
  commission: string | null;
}

const markets = ['NO', 'DK', 'FI'] as const;

// Descriptions have at most six characters and commissions a space before the sign (source: OpenAPI document 2.0.9).
const offers = [
  { name: 'Online standard', description: '2.99%', productType: 'PAYMENT_INTEGRATION', commission: '30 %' },
  { name: 'Online high volume', description: '1.75%', productType: 'PAYMENT_INTEGRATION', commission: null },
  { name: 'POS standard', description: '1.75%', productType: 'CASHIER', commission: '20 %' },
  { name: 'Checkout', description: '2.49%', productType: 'CHECKOUT', commission: '25 %' },
];

/** The packages of one partner: the first `count` offers in every market. */
export function createPricePackages(
  random: SeededRandom,
  partner: string,
  count = offers.length,
): PricePackage[] {
  return markets.flatMap((market) =>
    offers.slice(0, count).map(({ name, description, productType, commission }, index) => ({
      pricePackageId: random.uuid(`price package ${partner} ${market}`, index),
      name: `${name} ${market}`,
      description,
      visibleInSignupForm: index !== 1,
      productType,
      market,
      commission,
    })),
  );
}
