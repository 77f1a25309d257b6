import type { Directory } from '../../directory/directory.ts';
import type { ProductOrderTimes } from '../../directory/directory-index.ts';
import type { ManagementApi } from '../../upstream/management-api.ts';
import type { Row } from '../../upstream/row.ts';
import { derived } from '../paging/derived.ts';
import { byKey, type ProductOrder, withKey, withKeys } from '../product-order-key.ts';
import { Loader } from './loader.ts';

type Variant = 'visible' | 'with expired';

/** Loaders of product orders: lists, and single orders by their id in lower case. */
export interface OrderLoaders {
  readonly productOrders: Loader<Variant, Row<ProductOrder>[]>;
  readonly productOrder: Loader<string, ProductOrder | null>;
  /** When this gateway created an order, in milliseconds since 1970. */
  readonly productOrderMadeAt: Loader<string, number | undefined>;
  readonly productOrderTimes: Loader<string, ProductOrderTimes | undefined>;
  /** Clears what this operation has read of orders. Call it after a write. */
  readonly clearProductOrders: () => void;
}

/**
 * Creates the loaders of product orders. A list contains all details of its orders, and the list with expired orders
 * contains the other list. So a single order is looked up in a list that this operation reads anyway, two orders or more
 * cause one list call, and only orders that no list contains are requested one by one.
 */
export function createOrderLoaders(api: ManagementApi, directory: Directory | undefined): OrderLoaders {
  const lists = new Map<Variant, Promise<Row<ProductOrder>[]>>();

  const readList = (variant: Variant) => {
    const list = api
      .productOrders({ includeExpired: variant === 'with expired' })
      .then((orders) => derived(orders, withKeys));
    lists.set(variant, list);
    return list;
  };

  const productOrders = new Loader<Variant, Row<ProductOrder>[]>((variants) => {
    const all = variants.includes('with expired') ? readList('with expired') : lists.get('with expired');
    return (variant) => {
      if (!all) return readList(variant);
      return variant === 'with expired' ? all : all.then((orders) => derived(orders, withoutExpired));
    };
  });

  const productOrder = new Loader<string, ProductOrder | null>(
    (ids) => {
      const details = async (id: string) => {
        const order = await api.productOrder(id);
        return order && withKey(order, id);
      };
      const list = lists.get('with expired') ?? lists.get('visible');
      if (!list && ids.length === 1) return details;
      const found = (list ?? productOrders.load('with expired')).then((orders) => derived(orders, byKey));
      return async (id) => (await found).get(id) ?? details(id);
    },
    // Runs after all other loads of this level, so that a list among them is known.
    { schedule: (dispatch) => setImmediate(dispatch) },
  );

  const productOrderMadeAt = new Loader<string, number | undefined>((ids) => {
    const madeAt = api.productOrdersMadeAt(ids);
    return async (_id, index) => (await madeAt)[index];
  });

  const productOrderTimes = new Loader<string, ProductOrderTimes | undefined>((keys) => {
    const times = directory?.productOrderTimes(keys);
    return async (key) => (await times)?.get(key);
  });

  return {
    productOrderTimes,
    productOrders,
    productOrder,
    productOrderMadeAt,
    clearProductOrders() {
      lists.clear();
      productOrders.clear();
      productOrder.clear();
    },
  };
}

const withoutExpired = (orders: Row<ProductOrder>[]) =>
  orders.filter((order) => order instanceof Error || order.status !== 'EXPIRED');
