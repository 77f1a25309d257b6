import DataLoader from 'dataloader';
import type { ManagementApi } from '../upstream/management-api.ts';
import type { Row } from '../upstream/row.ts';
import { loadEach } from './load-each.ts';
import { derived } from './paging/derived.ts';
import { byKey, type ProductOrder, withKey, withKeys } from './product-order-key.ts';

type Variant = 'visible' | 'with expired';

/** The orders of one operation: lists, and single orders by their lower-case id. */
export interface OrderLoaders {
  readonly productOrders: DataLoader<Variant, Row<ProductOrder>[]>;
  readonly productOrder: DataLoader<string, ProductOrder | null>;
  /** When this gateway made an order, in milliseconds since 1970. */
  readonly productOrderMadeAt: DataLoader<string, number | undefined>;
  /** After a write: what this operation has read of orders may not be true any more. */
  readonly forgetProductOrders: () => void;
}

/**
 * A list holds all that the details of its orders would tell, and the list with expired orders holds the other one. So
 * an order is looked up in a list that this operation reads anyway; a list is read for two orders or more; and only
 * what no list has is asked for by itself.
 */
export function createOrderLoaders(api: ManagementApi): OrderLoaders {
  const lists = new Map<Variant, Promise<Row<ProductOrder>[]>>();

  const readList = (variant: Variant) => {
    const list = api
      .productOrders({ includeExpired: variant === 'with expired' })
      .then((orders) => derived(orders, withKeys));
    lists.set(variant, list);
    return list;
  };

  const productOrders = new DataLoader<Variant, Row<ProductOrder>[]>((variants) => {
    const all = variants.includes('with expired') ? readList('with expired') : lists.get('with expired');
    return loadEach((variant: Variant) => {
      if (!all) return readList(variant);
      return variant === 'with expired' ? all : all.then((orders) => derived(orders, withoutExpired));
    })(variants);
  });

  const productOrder = new DataLoader<string, ProductOrder | null>(
    (ids) => {
      const details = async (id: string) => {
        const order = await api.productOrder(id);
        return order && withKey(order, id);
      };
      const list = lists.get('with expired') ?? lists.get('visible');
      if (!list && ids.length === 1) return loadEach(details)(ids);
      const found = (list ?? productOrders.load('with expired')).then((orders) => derived(orders, byKey));
      return loadEach(async (id: string) => (await found).get(id) ?? details(id))(ids);
    },
    // After all that the fields of this level ask for, so that a list among it is known.
    { batchScheduleFn: (dispatch) => setImmediate(dispatch) },
  );
  return {
    productOrders,
    productOrder,
    productOrderMadeAt: new DataLoader((ids) => api.productOrdersMadeAt(ids)),
    forgetProductOrders() {
      lists.clear();
      productOrders.clearAll();
      productOrder.clearAll();
    },
  };
}

const withoutExpired = (orders: Row<ProductOrder>[]) =>
  orders.filter((order) => order instanceof Error || order.status !== 'EXPIRED');
