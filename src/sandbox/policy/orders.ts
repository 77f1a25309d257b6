import { oneOf } from './definition.ts';

/** What becomes of product orders, and how they are shown. */
export const orderPolicies = {
  lateDeleteStatus: oneOf(
    [400, 403, 404, 409],
    400,
    'Status for deleting an order that was submitted, or not made by prefill. Not documented; document 2.0.9 declares ' +
      '400, 403 and 404 for the operation and no 409, and 400 says that the request is wrong, hence the default.',
  ),
  deletedOrdersDisappear: oneOf(
    [true, false],
    true,
    'Whether a deleted order is gone from list and details. Not documented; no status says that an order was deleted, ' +
      'hence the default. When false, it stays as EXPIRED, the status whose orders lists hide.',
  ),
  prefillsPerMerchant: oneOf(
    ['keepAll', 'latestOnly'],
    'keepAll',
    'Several prefilled orders of one partner for one business. Not documented; one merchant may have many orders ' +
      '(source: guide), hence the default. The retired Signup API used the latest one: latestOnly lets those before, if ' +
      'not submitted, expire.',
  ),
  rejectedOrders: oneOf(
    ['REJECTED', 'ORDER_SUBMITTED'],
    'REJECTED',
    'Status that a rejected order is shown with. REJECTED came in January 2026, hence the default; until then it stayed ' +
      'ORDER_SUBMITTED (source: changelog).',
  ),
  deactivatedUnitInOrder: oneOf(
    ['hidden', 'shown'],
    'hidden',
    'salesUnit of a completed order whose unit the caller cannot see any more. Not documented; a deactivated unit ' +
      'disappears everywhere else (source: guide), hence the default. Shown keeps the order as it was completed.',
  ),
  includeExpired: oneOf(
    ['honoured', 'ignored'],
    'honoured',
    'The query parameter includeExpired of the list. The guide describes it, hence the default; document 2.0.9 ' +
      'declares no parameter. Ignored never lists expired orders.',
  ),
  v1OrderReads: oneOf(
    ['gone', 'available'],
    'gone',
    'GET /management/v1/product-orders and its details. Announced to end on 2025-02-28 (source: changelog) and absent ' +
      'from document 2.0.9, hence the default: 404 as for any unknown path.',
  ),
};
