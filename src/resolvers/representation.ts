import {
  type BusinessIdentifier,
  businessKey,
  isBusinessId,
  isMsn,
  isPathSafe,
  isUuid,
} from '../upstream/models/identifiers.ts';
import { BadUserInput } from './errors.ts';

/** The types that a router finds by a key of the Management API. */
export const entityNames = ['SalesUnit', 'Merchant', 'ProductOrder', 'PricePackage'] as const;
export type EntityName = (typeof entityNames)[number];

/** An object of a supergraph as a router names it: its type and its key as text. */
export interface Representation {
  readonly type: EntityName;
  /** An error for a value that cannot be a key, which concerns this object alone. */
  readonly key: string | BadUserInput;
}

const LONGEST_KEY = 300;

/** How the key of each type is read from the fields of a representation; undefined if they are no key. */
const readKey: Readonly<
  Record<EntityName, (fields: Readonly<Record<string, unknown>>) => string | undefined>
> = {
  SalesUnit: ({ msn }) => textIf(isMsn, msn),
  Merchant: ({ businessIdentifier }) => {
    const { scheme, value } = (
      isObject(businessIdentifier) ? businessIdentifier : {}
    ) as Partial<BusinessIdentifier>;
    const isKey = textIf(isPathSafe, scheme) !== undefined && textIf(isBusinessId, value) !== undefined;
    return isKey ? businessKey({ scheme, value } as BusinessIdentifier) : undefined;
  },
  ProductOrder: ({ productOrderId }) => textIf(isUuid, productOrderId)?.toLowerCase(),
  PricePackage: ({ pricePackageId }) => textIf(isUuid, pricePackageId)?.toLowerCase(),
};

const keyFields: Readonly<Record<EntityName, string>> = {
  SalesUnit: 'msn, 4 to 10 digits',
  Merchant: 'businessIdentifier { scheme value }',
  ProductOrder: 'productOrderId, a UUID',
  PricePackage: 'pricePackageId, a UUID',
};

/**
 * Returns what a router asks for. Throws {@link BadUserInput} for anything that is not the representation of an entity,
 * since a router never sends that.
 */
export function readRepresentations(representations: readonly unknown[]): Representation[] {
  return representations.map((given, index) => {
    const type = typeOf(given);
    if (type === undefined)
      throw new BadUserInput(
        `representations[${index}].__typename`,
        `must be ${entityNames.join(', ').replace(/, (\w+)$/, ' or $1')}`,
      );
    const key = readKey[type](given as Readonly<Record<string, unknown>>);
    return { type, key: key ?? new BadUserInput(`representations[${index}]`, `needs ${keyFields[type]}`) };
  });
}

/** Returns the type that a representation names; undefined if it is none of the entities. */
export function typeOf(representation: unknown): EntityName | undefined {
  const name = isObject(representation) ? representation['__typename'] : undefined;
  return entityNames.find((known) => known === name);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textIf = (isKey: (text: string) => boolean, value: unknown) =>
  typeof value === 'string' && value.length <= LONGEST_KEY && isKey(value) ? value : undefined;
