import { oneOf, wholeNumber } from './definition.ts';

/** Who gets in, how often, and what for. */
export const accessPolicies = {
  accessTokenAlias: oneOf(
    ['accepted', 'notFound'],
    'accepted',
    'POST /accessToken/get, as guide and quick starts write it. The access token document has /accesstoken/get only; ' +
      'the quick starts work for their readers, so the default is accepted.',
  ),
  standardTokenNumbers: oneOf(
    ['string', 'number'],
    'string',
    'expires_in and the other numbers in an answer of /accesstoken/get. Document and getting-started page show ' +
      'strings, hence the default; an integrator has measured numbers.',
  ),
  managementTokenNumbers: oneOf(
    ['number', 'string'],
    'number',
    'expires_in in an answer of /miami/v1/token. Guide and toolkit show a number, hence the default; the document ' +
      'says string.',
  ),
  subscriptionKeyWithManagementToken: oneOf(
    ['refused', 'ignored'],
    'refused',
    'A subscription key sent with a token of management keys. It must not be sent (source: OpenAPI document 2.0.9); ' +
      'what happens is not documented. The default shows the mistake before production does.',
  ),
  merchantSerialNumber: oneOf(
    ['optional', 'requiredForOne', 'requiredAlways'],
    'optional',
    'A call of a partner without Merchant-Serial-Number. Document 2.0.9 has no such header, hence the default. The ' +
      'knowledge base gives its lack as a cause of 403: requiredForOne asks for it on calls about one sales unit, ' +
      'merchant or order, requiredAlways on every call, as document 1.1.6 does.',
  ),
  merchantOrderStatus: oneOf(
    [403, 401],
    403,
    'Status for ordering a product with the keys of a merchant: orders name partners, so a merchant may not. ' +
      'Document 2.0.9 has an example of a 401 for it; 403 is what the status means, hence the default.',
  ),
  merchantOrderReads: oneOf(
    ['seesNone', 'seesOwn', 'forbidden'],
    'seesNone',
    'The keys of a merchant on the other product-order routes. Not documented. Orders are shown to the partner that ' +
      'the merchant chose (source: guide), hence the default: an empty list, 404 for one order. seesOwn shows orders ' +
      'for its own business, which it cannot delete; forbidden answers 403.',
  ),
  merchantPricePackages: oneOf(
    [403, 401, 404, 'emptyList'],
    403,
    'The keys of a merchant on price packages, which partners have. Not documented; 403 is what it means, hence the ' +
      'default.',
  ),
  rateLimitPerMinute: wholeNumber(
    0,
    1_000_000,
    0,
    'API calls that one caller has per minute of the sandbox’s clock, from the first call on; those beyond are ' +
      'answered 429. 0 is no limit. No limit is published, hence the default. Token calls do not count.',
  ),
  retryAfter: oneOf(
    ['seconds', 'date', 'none'],
    'seconds',
    'Retry-After of that 429. Not documented. Seconds are what gateways of this kind send, hence the default; date is ' +
      'the HTTP date form.',
  ),
  latencyMs: wholeNumber(
    0,
    60_000,
    20,
    'How many milliseconds every API and token call takes at least. Nothing is published; the default is what a ' +
      'nearby server takes.',
  ),
};
