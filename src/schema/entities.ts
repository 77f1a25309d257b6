import { changeAt, readChangeKey } from '../resolvers/changes/changes.ts';
import type { RequestContext } from '../resolvers/context.ts';
import { present } from '../resolvers/errors.ts';
import { loadEach } from '../resolvers/loaders/load-each.ts';
import { type MaybePromise, mapValue } from '../resolvers/maybe-promise.ts';
import { merchantByIdentifier } from '../resolvers/merchant.ts';
import { pricePackageById } from '../resolvers/price-package.ts';
import { productOrderByKey } from '../resolvers/product-order.ts';
import { salesUnitByMsn } from '../resolvers/sales-unit.ts';
import { isMsn, isUuid, readBusinessKey } from '../upstream/models/identifiers.ts';

/** Returns the object with this key, null if it is not visible, or undefined if the text is not a key of its type. */
type Find<Value extends object> = (
  key: string,
  context: RequestContext,
) => MaybePromise<Value | null> | undefined;

/** Combines how a key is read from text with how its object is loaded. */
const findBy =
  <Key, Value extends object>(
    readKey: (text: string) => Key | undefined,
    load: (key: Key, context: RequestContext) => MaybePromise<Value | null>,
  ): Find<Value> =>
  (text, context) => {
    const key = readKey(text);
    return key === undefined ? undefined : load(key, context);
  };

const keyIf = (isKey: (text: string) => boolean) => (text: string) => (isKey(text) ? text : undefined);

/** How the objects of each type are found by their keys. The key is the part of a global id after the type's name. */
export const entities = {
  SalesUnit: findBy(keyIf(isMsn), salesUnitByMsn),
  Merchant: findBy(readBusinessKey, merchantByIdentifier),
  // Any text: an order without an id of its own has a key made of its other fields.
  ProductOrder: findBy(keyIf(Boolean), productOrderByKey),
  PricePackage: findBy(keyIf(isUuid), pricePackageById),
  Change: findBy(readChangeKey, changeAt),
};

/** Returns the entity's `find` by the name of its type; undefined if no type with that name can be found by a key. */
export const entityNamed = (typename: string): Find<object> | undefined =>
  Object.hasOwn(entities, typename) ? entities[typename as keyof typeof entities] : undefined;

/** Returns the object as one behind `Node` or a union, where its `__typename` decides which type it has. */
export const withTypename = (found: MaybePromise<object | null>, typename: string) =>
  // A copy, since operations share the object and must not share the type's name.
  mapValue(found, (object) => object && { ...object, __typename: typename });

/**
 * Returns the options that make a ref loadable. The loaders of the request batch and remember, so the DataLoader that
 * Pothos adds does neither: no key passes through two caches.
 */
export const loadableBy = <Value extends object>(find: Find<Value>) => ({
  load: (keys: string[], context: RequestContext) =>
    loadEach(async (key: string) => present(await find(key, context)))(keys),
  loaderOptions: { batch: false, cache: false },
});
