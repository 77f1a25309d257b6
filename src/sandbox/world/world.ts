import type { BankAccount } from '../data/bank-account.ts';
import { createBankAccount } from '../data/bank-account.ts';
import type { BusinessIdentifier } from '../data/business-identifier.ts';
import { createIdentifierSource } from '../data/business-identifier.ts';
import type { Merchant } from '../data/merchant.ts';
import { brandOf, countryOf, createMerchant } from '../data/merchant.ts';
import type { PricePackage } from '../data/price-package.ts';
import { createPricePackages } from '../data/price-package.ts';
import type { ProductOrder } from '../data/product-order.ts';
import { createProductOrders } from '../data/product-order.ts';
import type { SalesUnitConfiguration } from '../data/sales-unit.ts';
import { createConfiguration, createUnitName } from '../data/sales-unit.ts';
import { createSeededRandom } from '../data/seeded-random.ts';
import type { Units } from '../data/units.ts';
import { createUnits, hiddenMerchants, MAIN_PARTNER, OTHER_PARTNER } from '../data/units.ts';

/**
 * All data of the sandbox, generated from a seed. Merchants and units have an index and are generated when needed, so a
 * hundred thousand of them take little memory.
 */
export interface World {
  /** Grows whenever something changes that the API shows, so that results made from it can be invalidated. */
  readonly version: number;
  /** The number of all merchants, including those that no caller sees. */
  readonly merchantCount: number;
  readonly units: Units;
  readonly orders: readonly ProductOrder[];
  identifier(merchant: number): BusinessIdentifier;
  merchant(index: number): Merchant;
  merchantIndex(scheme: string, id: string): number | undefined;
  unitName(unit: number): string;
  configuration(unit: number): SalesUnitConfiguration;
  /** Null for a unit that takes no payments. */
  bankAccount(unit: number): BankAccount | null;
  /** True when unit and merchant are both active: the API shows nothing else (source: the API's guide). */
  isLive(unit: number): boolean;
  pricePackages(partner: string): readonly PricePackage[];
}

/** Gives the first merchant as many units and orders as the largest real merchants have. */
export interface CrowdedMerchant {
  /** How many of the units are the first merchant's. */
  units: number;
  /** How many more orders it has than without this option. */
  orders: number;
}

const LEAST_ORDERS = 24;
const ORDERS_OF_OTHER_PARTNER = 5;

export function createWorld(seed: number, visibleUnits: number, crowd?: CrowdedMerchant): World {
  const random = createSeededRandom(seed);
  const nextIdentifier = createIdentifierSource(random);
  const units = createUnits(random, visibleUnits, crowd?.units);
  const { merchantCount } = units;

  const identifiers = Array.from({ length: merchantCount + hiddenMerchants.count }, (_, index) =>
    nextIdentifier(countryOf(index)),
  );
  const merchants = new Map(identifiers.map(({ scheme, id }, index) => [`${scheme} ${id}`, index]));
  const identifier = (merchant: number): BusinessIdentifier => {
    const found = identifiers[merchant];
    if (!found) throw new RangeError(`There is no merchant ${merchant}.`);
    return found;
  };

  const orderSource = (partner: string, partnerUnits: number, count: number, firstUnit: number) => ({
    partner,
    count,
    // Spread over all units; while there are more units than orders, no two orders lead to the same unit.
    unitFor: (index: number) => firstUnit + (Math.floor((index * partnerUnits) / count) % partnerUnits),
    identifierOf: (unit: number) => identifier(units.record(unit).merchant),
    newBusiness: (index: number) => nextIdentifier(countryOf(index)),
  });
  const [firstOfOther = 0, ...restOfOther] = units.ofMerchant(merchantCount + hiddenMerchants.ofOtherPartner);
  const orders = [
    ...createProductOrders(
      random,
      orderSource(MAIN_PARTNER, visibleUnits, Math.max(LEAST_ORDERS, Math.round(visibleUnits / 10)), 0),
    ),
    ...createProductOrders(random, {
      ...orderSource(MAIN_PARTNER, visibleUnits, crowd?.orders ?? 0, 0),
      stream: 'crowd',
      unitFor: (index) => index % Math.max(1, crowd?.units ?? 0),
      newBusiness: () => identifier(0),
    }),
    ...createProductOrders(
      random,
      orderSource(OTHER_PARTNER, 1 + restOfOther.length, ORDERS_OF_OTHER_PARTNER, firstOfOther),
    ),
  ];
  const packages = new Map([
    [MAIN_PARTNER, createPricePackages(random, MAIN_PARTNER)],
    [OTHER_PARTNER, createPricePackages(random, OTHER_PARTNER, 1)],
  ]);
  const isDeactivated = (merchant: number) => merchant === merchantCount + hiddenMerchants.deactivated;

  return {
    version: 0,
    merchantCount: identifiers.length,
    units,
    orders,
    identifier,
    merchant: (index) =>
      createMerchant(random, index, identifier(index), isDeactivated(index) ? 'DEACTIVATED' : 'ACTIVE'),
    merchantIndex: (scheme, id) => merchants.get(`${scheme} ${id}`),
    unitName(unit) {
      const { merchant } = units.record(unit);
      return createUnitName(random, countryOf(merchant), brandOf(random, merchant), unit);
    },
    configuration: (unit) => createConfiguration(random, unit),
    bankAccount(unit) {
      const { paymentAllowed } = createConfiguration(random, unit);
      return paymentAllowed === false
        ? null
        : createBankAccount(random, countryOf(units.record(unit).merchant), unit);
    },
    isLive(unit) {
      const { active, merchant } = units.record(unit);
      return active && !isDeactivated(merchant);
    },
    pricePackages: (partner) => packages.get(partner) ?? [],
  };
}
