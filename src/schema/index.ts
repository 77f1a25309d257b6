import { boundWork } from './bounded-work.ts';
import { builder } from './builder.ts';
import { guardOnce } from './guard-once.ts';
import './delete-product-order.ts';
import './merchant.ts';
import './node.ts';
import './prefill-product-order.ts';
import './price-package.ts';
import './product-orders.ts';
import './sales-units.ts';
import './viewer.ts';

export const schema = boundWork(guardOnce(builder.toSchema()));
