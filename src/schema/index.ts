import { builder } from './builder.ts';
import { guardOnce } from './scopes/guard-once.ts';
import { boundWork } from './work/bounded-work.ts';
import './product-orders/delete-product-order.ts';
import './changes/change-events.ts';
import './changes/changes.ts';
import './directory.ts';
import './merchant.ts';
import './merchants.ts';
import './node.ts';
import './product-orders/prefill-product-order.ts';
import './price-package.ts';
import './product-orders/product-orders.ts';
import './sales-units.ts';
import './viewer.ts';

export const schema = boundWork(guardOnce(builder.toSchema()));
