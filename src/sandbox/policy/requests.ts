import { oneOf, wholeNumber } from './definition.ts';

/** What the sandbox requires of an order. The defaults require no more than is published. */
export const requestPolicies = {
  orderContentType: oneOf(
    ['jsonOnly', 'any'],
    'jsonOnly',
    'Content-Type of an order. Document 2.0.9 declares only application/json, so by default any other ' +
      'type, or none, is answered 415, which shows the mistake before production does. The status is not ' +
      'documented. any reads every body as JSON.',
  ),
  unknownProperties: oneOf(
    ['accept', 'refuse'],
    'accept',
    'Properties of an order that document 2.0.9 does not have. Not documented, and the document does not ' +
      'forbid them, hence the default. refuse answers 400. complianceData, removed in 2025, is unknown.',
  ),
  orderSchemes: oneOf(
    ['any', 'named'],
    'any',
    'Schemes of the business in an order. Any scheme of 10 to 30 characters is valid (source: document ' +
      '2.0.9), so by default a Swedish one is too, although no source names one. named accepts only the ' +
      'Norwegian, Danish and Finnish schemes of the document.',
  ),
  checkDigits: oneOf(
    ['ignored', 'checked'],
    'ignored',
    'Check digits of business identifiers (Norway, Denmark, Finland, Sweden) and of bank accounts ' +
      '(Norway, Finland; length in Denmark). Whether the API checks them is not documented, and some of its ' +
      'own examples are wrong, hence the default.',
  ),
  logoCheck: oneOf(
    ['none', 'png'],
    'none',
    'salesUnitLogo. An invalid image is accepted but not shown (source: document 2.0.9), hence the ' +
      'default. png accepts only a base64 PNG of 100 to 1000 pixels per side.',
  ),
  mccCheck: oneOf(
    ['none', 'ranges'],
    'none',
    'merchantCategoryCode. A code that the form does not have is ignored (source: guide), hence the ' +
      'default. The list of the form is not public. ranges refuses codes below 0742 and from 0781 to 1519, ' +
      'which no public list has.',
  ),
  urlCheck: oneOf(
    ['https', 'strict'],
    'https',
    'URLs of the website. Document 2.0.9 requires https, hence the default. strict uses the pattern of ' +
      'document 1.1.6: a lower-case host and a top-level domain of 2 to 5 letters. Host names are never ' +
      'resolved, since the sandbox makes no outgoing calls.',
  ),
  pricePackageCheck: oneOf(
    ['none', 'own'],
    'none',
    'pricePackageId. The answer to another partner’s package is not documented, hence the default. own ' +
      'refuses a package that does not belong to the partner.',
  ),
  longSystemHeaders: oneOf(
    ['refuse', 'cut', 'accept'],
    'refuse',
    'Vipps-System headers of more than 30 characters. Document 2.0.9 has this limit, hence the default. An ' +
      'example of the getting-started page is longer. cut and accept answer as usual; the call log has the ' +
      'first 30 characters or all of them.',
  ),
  idempotencyMemoryKeys: wholeNumber(
    1,
    1_000_000,
    10_000,
    'How many idempotency keys are remembered before the oldest is dropped. Not documented. The default ' +
      'keeps memory use low.',
  ),
  idempotencyMemoryHours: wholeNumber(
    0,
    8760,
    0,
    'How many hours of the sandbox’s clock an idempotency key is remembered; 0 means without limit. Not ' +
      'documented, hence the default.',
  ),
  idempotencyOfRefusals: oneOf(
    ['kept', 'forgotten'],
    'kept',
    'Whether a 4xx answer is kept for its idempotency key. The getting-started page and the toolkit say ' +
      'so, hence the default. An older page says so only for the Recurring API.',
  ),
};
