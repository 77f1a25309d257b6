import { builder } from './builder.ts';
import './delete-product-order.ts';
import './merchant.ts';
import './node.ts';
import './prefill-product-order.ts';
import './price-package.ts';
import './product-order.ts';
import './sales-unit.ts';
import './viewer.ts';

export const schema = builder.toSchema();
