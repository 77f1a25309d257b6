import type { BusinessIdentifier } from './data/business-identifier.ts';
import type { Merchant } from './data/merchant.ts';
import type { PricePackage } from './data/price-package.ts';
import type { ProductOrder } from './data/product-order.ts';
import { hiddenMerchants, MAIN_PARTNER, OTHER_PARTNER } from './data/units.ts';
import type { Caller } from './world/caller.ts';
import type { OrderBook } from './world/order-book.ts';
import { visibleUnits, visibleUnitsOf } from './world/visibility.ts';
import type { World } from './world/world.ts';

const mainPartner: Caller = { kind: 'partner', partner: MAIN_PARTNER };

/** What a test can read of the sandbox's data without HTTP. */
export interface SandboxData {
  /** MSNs that the main partner sees, in the order of its list. */
  readonly msns: readonly string[];
  /** Identifiers of the merchants that the main partner sees. */
  readonly merchants: readonly BusinessIdentifier[];
  /** The merchant that `callers.merchant` belongs to. */
  readonly ownMerchant: BusinessIdentifier;
  /** Orders that name the main partner, expired ones as well; `unit` in them is for `msnOf`. */
  readonly orders: readonly ProductOrder[];
  readonly pricePackages: readonly PricePackage[];
  /** Things that exist and that the main partner must not see. */
  readonly hidden: {
    readonly inactiveMsn: string;
    readonly msnOfOtherPartner: string;
    readonly msnOfDeactivatedMerchant: string;
    readonly deactivatedMerchant: BusinessIdentifier;
    readonly merchantOfOtherPartner: BusinessIdentifier;
    readonly merchantWithoutActiveUnit: BusinessIdentifier;
    readonly orderIdOfOtherPartner: string;
  };
  msnOf(unit: number): string;
  nameOf(msn: string): string;
  /** The merchant of any unit, visible or not. */
  merchantOf(msn: string): Merchant;
}

export function createSandboxData(world: World, book: OrderBook): SandboxData {
  const { units } = world;
  let version = world.version;
  let msns: string[] | undefined;
  let merchants: BusinessIdentifier[] | undefined;
  const dropOld = () => {
    if (version === world.version) return;
    ({ version } = world);
    msns = undefined;
    merchants = undefined;
  };
  const find = (msn: string): number => {
    const unit = units.indexOf(msn);
    if (unit === undefined) throw new RangeError(`The sandbox has no sales unit ${msn}.`);
    return unit;
  };
  const hiddenMerchant = (which: 'deactivated' | 'ofOtherPartner' | 'withoutActiveUnit') =>
    units.merchantCount + hiddenMerchants[which];
  const firstMsn = (merchant: number, fits: (unit: number) => boolean) =>
    units.msn(units.ofMerchant(merchant).find(fits) ?? 0);
  const isOther = (unit: number) => units.record(unit).partner === OTHER_PARTNER;

  const findHidden = () => ({
    inactiveMsn: firstMsn(0, (unit) => !world.isLive(unit)),
    msnOfOtherPartner: firstMsn(hiddenMerchant('ofOtherPartner'), isOther),
    msnOfDeactivatedMerchant: firstMsn(hiddenMerchant('deactivated'), () => true),
    deactivatedMerchant: world.identifier(hiddenMerchant('deactivated')),
    merchantOfOtherPartner: world.identifier(hiddenMerchant('ofOtherPartner')),
    merchantWithoutActiveUnit: world.identifier(hiddenMerchant('withoutActiveUnit')),
    orderIdOfOtherPartner:
      world.orders.find((order) => order.partner === OTHER_PARTNER && order.id)?.id ?? '',
  });
  // Found at the start and not when asked for, since a test may deactivate what would then come first. Another list of
  // orders means that the state was reset to another world.
  let hidden = findHidden();
  let hiddenIn = world.orders;

  // Made on first use: most tests never need them, and a hundred thousand MSNs take time.
  return {
    get msns() {
      dropOld();
      msns ??= Array.from(visibleUnits(world, mainPartner), units.msn);
      return msns;
    },
    get merchants() {
      dropOld();
      merchants ??= Array.from({ length: world.merchantCount }, (_, index) => index)
        .filter((merchant) => visibleUnitsOf(world, mainPartner, merchant).length > 0)
        .map(world.identifier);
      return merchants;
    },
    get ownMerchant() {
      return world.identifier(0);
    },
    get orders() {
      return book.of(MAIN_PARTNER);
    },
    get pricePackages() {
      return world.pricePackages(MAIN_PARTNER);
    },
    get hidden() {
      if (hiddenIn !== world.orders) {
        hiddenIn = world.orders;
        hidden = findHidden();
      }
      return hidden;
    },
    msnOf: (unit) => units.msn(unit),
    nameOf: (msn) => world.unitName(find(msn)),
    merchantOf: (msn) => world.merchant(units.record(find(msn)).merchant),
  };
}
