import { tenantIds } from './keys.ts';
import type { VisibleData } from './visible-data.ts';

/** An operation as it is sent. */
export interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Every field by which an object of another tenant could show. No key alone: a router knows what it asks for. */
const selections: Readonly<Record<string, string>> = {
  SalesUnit:
    'msn name configuration { captureType } merchant { name businessAddress { lines } } productOrder { id }',
  Merchant:
    'name status businessAddress { lines } salesUnits(first: 3) { nodes { msn name } } productOrders(first: 2) { nodes { id } }',
  ProductOrder: 'productOrderId status url merchant { name } salesUnit { msn name }',
  PricePackage: 'pricePackageId name description',
};
const AT_ONCE = 20;

/** Returns operations with which a router asks for every object of every tenant, so that most belong to another one. */
export function entityQueriesFor(visible: VisibleData): readonly Asked[] {
  return tenantIds.flatMap((id) => {
    const all = representationsOf(visible[id]);
    const ofAType = Object.keys(selections).flatMap((type) =>
      chunks(all.filter(({ __typename }) => __typename === type)).map((some) => asVariable(some, [type])),
    );
    const [unit, ...mixed] = [0, 1, 2, 3].flatMap((offset) => all.filter((_one, at) => at % 7 === offset));
    return [
      ...ofAType,
      ...chunks(mixed).map((some) => asVariable(some, Object.keys(selections))),
      { query: `{ _entities(representations: ${literal(mixed.slice(0, 9))}) { ${fragments()} } }` },
      { query: `{ a: _entities(representations: ${literal(unit)}) { ${fragments(['SalesUnit'])} } }` },
    ];
  });
}

interface Named {
  readonly __typename: string;
}

function representationsOf({ msns, merchants, orders, packages }: VisibleData['partner']): readonly Named[] {
  return [
    ...msns.map((msn) => ({ __typename: 'SalesUnit', msn })),
    ...merchants.map(({ scheme, id: value }) => ({
      __typename: 'Merchant',
      businessIdentifier: { scheme, value },
    })),
    ...orders.map((productOrderId) => ({ __typename: 'ProductOrder', productOrderId })),
    ...packages.map((pricePackageId) => ({ __typename: 'PricePackage', pricePackageId })),
  ];
}

const fragments = (types: readonly string[] = Object.keys(selections)) =>
  types.map((type) => `... on ${type} { ${selections[type]} }`).join(' ');

const asVariable = (v: readonly Named[], types: readonly string[]): Asked => ({
  query: `query ($v: [_Any!]!) { _entities(representations: $v) { __typename ${fragments(types)} } }`,
  variables: { v },
});

/** Formats a value as a GraphQL literal. */
const literal = (value: unknown) => JSON.stringify(value).replaceAll(/"(\w+)":/g, '$1: ');

const chunks = <T>(items: readonly T[]) =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, index) =>
    items.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
