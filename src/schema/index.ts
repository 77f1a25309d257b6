import { builder } from './builder.ts';
import { omitQueryFields } from './federation/omit-query-fields.ts';
import { routerFields } from './federation/router-fields.ts';
import { guardOnce } from './scopes/guard-once.ts';
import { boundWork } from './work/bounded-work.ts';
import './product-orders/delete-product-order.ts';
import './changes/change-events.ts';
import './changes/changes.ts';
import './directory.ts';
import './federation/representations.ts';
import './federation/service.ts';
import './merchant.ts';
import './merchants.ts';
import './node.ts';
import './product-orders/prefill-product-order.ts';
import './price-package.ts';
import './product-orders/product-orders.ts';
import './sales-units.ts';
import './viewer.ts';

const whole = boundWork(guardOnce(builder.toSchema()));

/** The schema of clients. */
export const schema = omitQueryFields(whole, routerFields);

/** Returns the schema of routers. Loaded when it is needed, since most gateways have no router. */
export const loadSubgraphSchema = async () =>
  (await import('./federation/subgraph-schema.ts')).createSubgraphSchema(whole);
