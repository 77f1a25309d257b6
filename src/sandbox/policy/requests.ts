import { oneOf, wholeNumber } from './definition.ts';

/** What the sandbox demands of an order. The defaults demand no more than is published. */
export const requestPolicies = {
  orderContentType: oneOf(
    ['jsonOnly', 'any'],
    'jsonOnly',
    'Content-Type of an order. Document 2.0.9 declares application/json alone, so another one or none is answered 415 ' +
      'by default: the mistake shows before production does. The status is not documented. Any reads every body as JSON.',
  ),
  unknownProperties: oneOf(
    ['accept', 'refuse'],
    'accept',
    'Properties of an order that document 2.0.9 does not have. Not documented, and the document does not forbid them, ' +
      'hence the default; refuse answers 400. complianceData, removed in 2025, counts as unknown.',
  ),
  orderSchemes: oneOf(
    ['any', 'named'],
    'any',
    'Schemes of the business that an order may name. Any of 10 to 30 characters passes (source: document 2.0.9), so ' +
      'a Swedish one does too by default, although none is named anywhere. Named takes the Norwegian, Danish and Finnish ' +
      'scheme of the document only.',
  ),
  checkDigits: oneOf(
    ['ignored', 'checked'],
    'ignored',
    'Check digits of business identifiers (Norway, Denmark, Finland, Sweden) and of bank accounts (Norway, Finland; ' +
      'length in Denmark). Whether the API checks them is not documented, and examples of its own are wrong, hence the ' +
      'default.',
  ),
  logoCheck: oneOf(
    ['none', 'png'],
    'none',
    'salesUnitLogo. A bad image is not refused, only not shown (source: document 2.0.9), hence the default. Png ' +
      'refuses what is no base64 PNG of 100 to 1000 pixels a side.',
  ),
  mccCheck: oneOf(
    ['none', 'ranges'],
    'none',
    'merchantCategoryCode. One that the form does not have is ignored (source: guide), hence the default; the list is ' +
      'not public. Ranges refuses codes below 0742 and from 0781 to 1519, where public lists of such codes have none.',
  ),
  urlCheck: oneOf(
    ['https', 'strict'],
    'https',
    'URLs of the website. Document 2.0.9 asks for https, hence the default. Strict takes the pattern of document ' +
      '1.1.6: host in lower case, top-level domain of 2 to 5 letters. Names are never looked up: the sandbox sends ' +
      'nothing out.',
  ),
  pricePackageCheck: oneOf(
    ['none', 'own'],
    'none',
    'pricePackageId. What a foreign one gets is not documented, hence the default. Own refuses a package that the ' +
      'partner does not have.',
  ),
  idempotencyMemoryKeys: wholeNumber(
    1,
    1_000_000,
    10_000,
    'How many Idempotency-Keys are remembered; the oldest goes first. Not documented; the default keeps the sandbox ' +
      'small.',
  ),
  idempotencyMemoryHours: wholeNumber(
    0,
    8760,
    0,
    'How many hours of the sandbox’s clock a key is remembered; 0 is for ever. Not documented, hence the default.',
  ),
  idempotencyOfRefusals: oneOf(
    ['kept', 'forgotten'],
    'kept',
    'Whether a 4xx answer stays the answer of its key. Getting-started page and toolkit say so, hence the default; an ' +
      'older page says it of the Recurring API only.',
  ),
};
