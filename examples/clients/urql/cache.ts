import type { Cache, CacheExchangeOpts } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

/** Part of the object or of the list that has it. Objects with an `id` need no entry. */
const part = () => null;

// Merges pages into one list. Lists with another filter or order stay apart.
const pages = relayPagination();

interface Deleted {
  /** The global ID. Undefined if the mutation does not select it. */
  readonly deletedProductOrderId?: string | null;
}

/** Takes an order out of the cache; lists that have it are read again. */
function forget(store: Cache, { deletedProductOrderId: id }: Deleted): void {
  if (id) store.invalidate({ __typename: 'ProductOrder', id });
}

export const cache: CacheExchangeOpts = {
  keys: {
    Address: part,
    BusinessIdentifier: part,
    CaptureTypeFacet: part,
    ChangeConnection: part,
    ChangeEdge: part,
    ChangeEvent: part,
    CountryFacet: part,
    DeleteProductOrderPayload: part,
    DeleteProductOrdersPayload: part,
    Directory: part,
    FieldChange: part,
    FlagFacet: part,
    Hint: part,
    MerchantConnection: part,
    MerchantEdge: part,
    PageInfo: part,
    PrefillProductOrderPayload: part,
    PrefillProductOrdersPayload: part,
    ProductOrderConnection: part,
    ProductOrderEdge: part,
    SalesUnitConfiguration: part,
    SalesUnitConnection: part,
    SalesUnitEdge: part,
    SalesUnitFacets: part,
    UpstreamEndpoint: part,
    UserError: part,
    Viewer: part,
  },
  resolvers: {
    Query: { changes: pages, merchants: pages, productOrders: pages, salesUnits: pages },
    Merchant: { changes: pages, productOrders: pages, salesUnits: pages },
    ProductOrder: { changes: pages },
    SalesUnit: { changes: pages },
  },
  updates: {
    Mutation: {
      deleteProductOrder({ deleteProductOrder }, _variables, store) {
        forget(store, deleteProductOrder as Deleted);
      },
      deleteProductOrders({ deleteProductOrders }, _variables, store) {
        for (const result of (deleteProductOrders as { results: readonly Deleted[] }).results)
          forget(store, result);
      },
    },
  },
};
