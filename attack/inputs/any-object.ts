import type { Endpoint } from '../endpoint.ts';

/** How clients of an endpoint ask for objects of any type. */
export interface AnyObject {
  /** A document with one object in `$v`. */
  readonly one: string;
  /** A document with the objects in `$v`. */
  readonly query: (selection?: string) => string;
  /** A field that names the objects in literals. */
  readonly field: (literal: string, selection?: string) => string;
  /** How one object is named. */
  readonly name: (type: string, key: string) => unknown;
}

const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

const byId: AnyObject = {
  one: 'query ($v: ID!) { node(id: $v) { id ... on SalesUnit { name } ... on Merchant { name } } }',
  query: (selection = 'id') => `query ($v: [ID!]!) { nodes(ids: $v) { ${selection} } }`,
  field: (literal, selection = 'id') => `nodes(ids: ${literal}) { ${selection} }`,
  name: globalId,
};

const byKey: AnyObject = {
  // GraphQL takes one value for a list of one.
  one: 'query ($v: [_Any!]!) { _entities(representations: $v) { __typename ... on SalesUnit { name } ... on Merchant { name } } }',
  query: (selection = '__typename') =>
    `query ($v: [_Any!]!) { _entities(representations: $v) { ${selection} } }`,
  field: (literal, selection = '__typename') => `_entities(representations: ${literal}) { ${selection} }`,
  name: (type, key) => ({ __typename: type, ...keyOf(type, key) }),
};

/** Returns how the callers of an endpoint ask for objects of any type: by global ids, or by keys as routers do. */
export const anyObject = ({ forRouters }: Endpoint): AnyObject => (forRouters ? byKey : byId);

function keyOf(type: string, key: string): object {
  const [, scheme = 'business:NO:ORG', value = key] = /^(.+):([^:]*)$/.exec(key) ?? [];
  if (type === 'Merchant') return { businessIdentifier: { scheme, value } };
  if (type === 'ProductOrder') return { productOrderId: key };
  return type === 'PricePackage' ? { pricePackageId: key } : { msn: key };
}
