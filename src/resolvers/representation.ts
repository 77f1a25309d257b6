import { type BusinessIdentifier, businessKey, isMsn, isUuid } from '../upstream/models/identifiers.ts';
import { BadUserInput } from './errors.ts';
import { checkIdentifier } from './merchant.ts';

/** The types that a router finds by a key of the Management API, each with the fields of its key. */
export const entityKeys = {
  SalesUnit: 'msn',
  Merchant: 'businessIdentifier { scheme value }',
  ProductOrder: 'productOrderId',
  PricePackage: 'pricePackageId',
} as const;
export type EntityName = keyof typeof entityKeys;

/** An object of a supergraph as a router names it. */
export interface Representation {
  readonly type: EntityName;
  /** The key as text. */
  readonly key: string;
  /** The key of a merchant. */
  readonly identifier?: BusinessIdentifier;
}

type Fields = Readonly<Record<string, unknown>>;

/** Far above any scheme. A router may send texts as long as a request. */
const LONGEST_SCHEME = 300;

const entityNames = Object.keys(entityKeys) as EntityName[];

/** How the key of each type is read; undefined if the fields are not a valid key. */
const readers: Readonly<Record<EntityName, (fields: Fields) => Omit<Representation, 'type'> | undefined>> = {
  SalesUnit: ({ msn }) => keyIf(isMsn, msn),
  Merchant: ({ businessIdentifier }) => {
    const { scheme, value } = isObject(businessIdentifier) ? businessIdentifier : {};
    if (typeof scheme !== 'string' || typeof value !== 'string' || scheme.length > LONGEST_SCHEME)
      return undefined;
    const identifier = checkIdentifier('businessIdentifier', { scheme, value });
    return { key: businessKey(identifier), identifier };
  },
  ProductOrder: ({ productOrderId }) => keyIf(isUuid, productOrderId),
  PricePackage: ({ pricePackageId }) => keyIf(isUuid, pricePackageId),
};

/**
 * Returns what a router asks for, with an error in the place of each key that is not valid. Throws {@link BadUserInput} for
 * anything that is not the representation of an entity, since a router never sends that.
 */
export function readRepresentations(representations: readonly unknown[]): (Representation | BadUserInput)[] {
  return representations.map((given, index) => {
    const place = `representations[${index}]`;
    const type = typeOf(given);
    if (type === undefined)
      throw new BadUserInput(
        `${place}.__typename`,
        `must be ${entityNames.join(', ').replace(/, (\w+)$/, ' or $1')}`,
      );
    const read = attempt(() => readers[type](given as Fields));
    return read ? { type, ...read } : new BadUserInput(place, `must have a valid ${entityKeys[type]}`);
  });
}

/** Returns the entity type that a representation names; undefined for any other type. */
export function typeOf(representation: unknown): EntityName | undefined {
  const name = isObject(representation) ? representation['__typename'] : undefined;
  return entityNames.find((known) => known === name);
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keyIf = (isKey: (text: string) => boolean, value: unknown) =>
  typeof value === 'string' && isKey(value) ? { key: value.toLowerCase() } : undefined;

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadUserInput) return undefined;
    throw error;
  }
}
