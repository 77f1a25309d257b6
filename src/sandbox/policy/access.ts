import { oneOf, wholeNumber } from './definition.ts';

/** Authentication, permissions and rate limits. */
export const accessPolicies = {
  accessTokenAlias: oneOf(
    ['accepted', 'notFound'],
    'accepted',
    'POST /accessToken/get, the path in the guide and the quick starts. The access token document has ' +
      'only /accesstoken/get. The quick starts work for their readers, so the default is accepted.',
  ),
  standardTokenNumbers: oneOf(
    ['string', 'number'],
    'string',
    'Type of expires_in and the other numbers in the answer of /accesstoken/get. The document and the ' +
      'getting-started page show strings, hence the default. An integrator has measured numbers.',
  ),
  managementTokenNumbers: oneOf(
    ['number', 'string'],
    'number',
    'Type of expires_in in the answer of /miami/v1/token. The guide and the toolkit show a number, hence ' +
      'the default. The document says string.',
  ),
  subscriptionKeyWithManagementToken: oneOf(
    ['refused', 'ignored'],
    'refused',
    'A subscription key sent with the token of management keys. It must not be sent (source: OpenAPI ' +
      'document 2.0.9), but the result is not documented. The default shows the mistake before production ' +
      'does.',
  ),
  merchantSerialNumber: oneOf(
    ['optional', 'requiredForOne', 'requiredAlways'],
    'optional',
    'Calls of a partner without Merchant-Serial-Number. Document 2.0.9 does not have the header, hence ' +
      'the default. The knowledge base lists a missing header as a cause of 403: requiredForOne requires it ' +
      'on calls about one sales unit, merchant or order; requiredAlways on every call, as document 1.1.6 ' +
      'does.',
  ),
  merchantOrderStatus: oneOf(
    [403, 401, 'allowed'],
    403,
    'Status for ordering a product with the keys of a merchant. Orders name a partner, so a merchant ' +
      'cannot make one. Document 2.0.9 has an example with 401, but 403 has the right meaning, hence the ' +
      'default. The guide also says that merchants can prefill: allowed lets a merchant order for its own ' +
      'business; the order names no partner.',
  ),
  merchantOrderReads: oneOf(
    ['seesNone', 'seesOwn', 'forbidden'],
    'seesNone',
    'The keys of a merchant on the other product-order routes. Not documented. Orders are shown to the ' +
      'partner that the merchant chose (source: guide), hence the default: an empty list, and 404 for one ' +
      'order. seesOwn shows the orders for its own business, which it cannot delete. forbidden answers 403.',
  ),
  merchantPricePackages: oneOf(
    [403, 401, 404, 'emptyList'],
    403,
    'The keys of a merchant on price packages, which belong to partners. Not documented. 403 has the ' +
      'right meaning, hence the default.',
  ),
  rateLimitPerMinute: wholeNumber(
    0,
    1_000_000,
    0,
    'API calls that each caller can make per minute of the sandbox’s clock, counted from its first call. ' +
      'Further calls are answered 429. 0 means no limit. No limit is published, hence the default. Token ' +
      'calls do not count.',
  ),
  retryAfter: oneOf(
    ['seconds', 'date', 'none'],
    'seconds',
    'Form of Retry-After in that 429. Not documented. Gateways of this kind send seconds, hence the ' +
      'default; date is the HTTP date form.',
  ),
  latencyMs: wholeNumber(
    0,
    60_000,
    20,
    'The least time in milliseconds that each API and token call takes. Nothing is published. The default ' +
      'is what a nearby server takes.',
  ),
};
