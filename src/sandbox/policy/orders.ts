import { oneOf } from './definition.ts';

/** How product orders behave, and how they are shown. */
export const orderPolicies = {
  lateDeleteStatus: oneOf(
    [400, 403, 404, 409],
    400,
    'Status for deleting an order that is submitted or was not prefilled. Not documented. Document 2.0.9 ' +
      'declares 400, 403 and 404 for the operation but not 409; 400 says that the request is wrong, hence ' +
      'the default.',
  ),
  expiredOrderDeletion: oneOf(
    ['allowed', 'refused'],
    'allowed',
    'Whether an expired order can be deleted. Document 2.0.9 deletes an order that has not been submitted, ' +
      'and an expired one has not, hence the default. refused answers lateDeleteStatus.',
  ),
  rejectedInDefaultList: oneOf(
    [true, false],
    true,
    'Whether the list without includeExpired has rejected orders. The guide names four statuses for it, ' +
      'and was written before REJECTED was added. A rejected order is not expired, hence the default.',
  ),
  deletedOrdersDisappear: oneOf(
    [true, false],
    true,
    'Whether a deleted order disappears from the list and details. Not documented. No status means ' +
      'deleted, hence the default. When false, the order becomes EXPIRED, and lists hide expired orders.',
  ),
  prefillsPerMerchant: oneOf(
    ['keepAll', 'latestOnly'],
    'keepAll',
    'Several prefilled orders of one partner for one business. Not documented. A merchant can have many ' +
      'orders (source: guide), hence the default. The retired Signup API used the latest one: with ' +
      'latestOnly, earlier orders that were not submitted expire.',
  ),
  rejectedOrders: oneOf(
    ['REJECTED', 'ORDER_SUBMITTED'],
    'REJECTED',
    'Status of a rejected order. REJECTED was added in January 2026, hence the default. Before that, the ' +
      'order stayed ORDER_SUBMITTED (source: changelog).',
  ),
  deactivatedUnitInOrder: oneOf(
    ['hidden', 'shown'],
    'hidden',
    'salesUnit of a completed order when the caller can no longer see the unit. Not documented. A ' +
      'deactivated unit disappears everywhere else (source: guide), hence the default. shown leaves the ' +
      'order unchanged.',
  ),
  includeExpired: oneOf(
    ['honoured', 'ignored'],
    'honoured',
    'The query parameter includeExpired of the list. The guide describes it, hence the default. Document ' +
      '2.0.9 declares no parameter. With ignored, the list never has expired orders.',
  ),
  v1OrderReads: oneOf(
    ['gone', 'available'],
    'gone',
    'GET /management/v1/product-orders and its details. Their end was announced for 2025-02-28 (source: ' +
      'changelog) and document 2.0.9 does not have them, hence the default: 404, like any unknown path.',
  ),
};
