import type { Endpoint } from './endpoint.ts';
import { type Asked, entityQueriesFor } from './entity-queries.ts';
import { tenantIds } from './keys.ts';
import type { VisibleData } from './visible-data.ts';

/**
 * Returns operations for every readable field, with identifiers of every tenant, so most data belongs to another tenant.
 */
export function queriesFor(
  visible: VisibleData,
  { forRouters }: Pick<Endpoint, 'forRouters'>,
): readonly Asked[] {
  const unit =
    'id msn name businessIdentifier { scheme value } configuration { captureType } merchant { name id } productOrder { id }';
  const merchant =
    'id name businessAddress { lines } salesUnits(first: 3) { nodes { msn name } } productOrders(first: 2) { nodes { id } }';
  const order =
    'id productOrderId status url businessIdentifier { value } merchant { name } salesUnit { msn name }';
  const price = 'id pricePackageId name description';
  const change =
    'id cursor kind msn businessIdentifier { value } productOrderId salesUnit { name } merchant { name } fields { name before after }';
  const everybody = [
    '{ salesUnits(first: 5) { totalCount nodes { msn name } } }',
    `{ salesUnits(last: 4) { totalCount edges { cursor node { ${unit} } } pageInfo { endCursor } } }`,
    `{ salesUnits(first: 3) { nodes { ${unit} merchant { ${merchant} } } } }`,
    '{ salesUnits(first: 5, orderBy: { field: NAME, direction: DESC }) { nodes { name } } }',
    `{ productOrders(first: 5) { totalCount nodes { ${order} } } }`,
    `{ productOrders(first: 5, includeExpired: true) { totalCount nodes { ${order} } } }`,
    `{ pricePackages { ${price} } }`,
    '{ viewer { salesUnitCount productOrderCount pricePackageCount } }',
    '{ directory { salesUnitCount merchantCount } }',
    `{ salesUnits(query: "a", first: 20) { totalCount nodes { ${unit} } facets { countryCode { value count } } } }`,
    `{ changes(first: 20) { totalCount pageInfo { endCursor } nodes { ${change} } } }`,
    `{ salesUnits(first: 2) { nodes { changes { nodes { ${change} } } } } }`,
    `{ merchants(first: 20) { totalCount nodes { ${merchant} } } }`,
  ];
  const ofOne = tenantIds.flatMap((id) => {
    const { msns, merchants, orders, packages, ids } = visible[id];
    const nodeQueries = (all: readonly string[]) => [
      ...some(all).map(
        (one) => `{ node(id: "${one}") { id ... on SalesUnit { ${unit} } ... on Merchant { ${merchant} } } }`,
      ),
      `{ nodes(ids: ${JSON.stringify(some(all))}) { id ... on SalesUnit { name } ... on ProductOrder { url } } }`,
    ];
    return [
      ...some(msns).map((msn) => `{ salesUnit(msn: "${msn}") { ${unit} } }`),
      ...some(merchants).map(
        (one) =>
          `{ merchant(businessIdentifier: { scheme: "${one.scheme}", id: "${one.id}" }) { ${merchant} } }`,
      ),
      ...some(orders).map((one) => `{ productOrder(productOrderId: "${one}") { ${order} } }`),
      ...some(packages).map((one) => `{ pricePackage(pricePackageId: "${one}") { ${price} } }`),
      ...(forRouters ? [] : nodeQueries(ids)),
      ...some(merchants).map(
        (one) =>
          `{ productOrders(filter: { businessIdentifier: { scheme: "${one.scheme}", id: "${one.id}" } }) { nodes { ${order} } } }`,
      ),
      ...some(msns).map(
        (msn) => `{ salesUnits(filter: { msn: { equals: "${msn}" } }) { nodes { ${unit} } } }`,
      ),
      ...some(msns).map((msn) => `{ salesUnits(query: "${msn}") { nodes { ${unit} } } }`),
      ...some(msns).map((msn) => `{ changes(filter: { msn: ["${msn}"] }) { nodes { ${change} } } }`),
      ...some(merchants).map((one) => `{ merchants(query: "org:${one.id}") { nodes { ${merchant} } } }`),
    ];
  });
  return [
    ...[...everybody, ...ofOne].map((query) => ({ query })),
    ...(forRouters ? entityQueriesFor(visible) : []),
  ];
}

const MOST = 6;

/** Returns the first, the last and a few items in between. */
function some<T>(items: readonly T[]): T[] {
  const step = Math.max(1, (items.length - 1) / (MOST - 1));
  const places = Array.from({ length: Math.min(MOST, items.length) }, (_, index) => Math.round(index * step));
  return places.flatMap((place) => items.slice(place, place + 1));
}
