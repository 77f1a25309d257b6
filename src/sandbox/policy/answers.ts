import { oneOf } from './definition.ts';

/** The form of successful answers and of errors. */
export const answerPolicies = {
  msnAsInteger: oneOf(
    [false, true],
    false,
    'msn as an integer in lists and orders, as in the examples of the guide. Details always have a ' +
      'string. Document 2.0.9 says string everywhere, hence the default.',
  ),
  settlementBankAccount: oneOf(
    ['hidden', 'shown'],
    'hidden',
    'settlementBankAccount in the details of a sales unit. Added in January 2025 and removed in February ' +
      '2025 (source: changelog), hence the default. An example of the toolkit still has it.',
  ),
  listOrder: oneOf(
    ['stable', 'shuffled'],
    'stable',
    'The order of lists. None is promised; stable is easier to read, hence the default. shuffled reveals ' +
      'clients that rely on the order: the long list of sales units is shuffled when the data changes and ' +
      'starts at another row on each call, and the other lists are shuffled on each call.',
  ),
  unknownMerchantUnits: oneOf(
    ['notFound', 'emptyList'],
    'notFound',
    'The sales units of a merchant when the caller sees none of them. The FAQ says 404 for merchants and ' +
      'units but does not mention this list, hence the default.',
  ),
  badBusinessIdentifierStatus: oneOf(
    [404, 400],
    404,
    'Status for a scheme or id in a path that breaks the limits for bodies (10 to 30 characters, 4 to 50 ' +
      'digits and hyphens). Document 2.0.9 has no limits for paths, so by default such a merchant is ' +
      'unknown.',
  ),
  refusalForm: oneOf(
    ['gateway', 'problem'],
    'gateway',
    'Form of 401, 403 and 429 on API routes. The sources do not agree: the gateway’s own form (source: ' +
      'knowledge base), hence the default, or a problem of the API, as document 2.0.9 declares.',
  ),
  problemStatus: oneOf(
    ['number', 'string'],
    'number',
    'Type of status in a problem. Document 2.0.9 says integer, hence the default. The knowledge base ' +
      'shows a string.',
  ),
  problemTitles: oneOf(
    ['statusText', 'documented'],
    'statusText',
    'title of a problem: the name of the status, or the published title where there is one, "Not ' +
      'authorized to create a product order" (source: document 2.0.9). One example does not make a rule, ' +
      'hence the default.',
  ),
  problemTraceId: oneOf(
    [true, false],
    true,
    'Whether a problem has a traceId. The toolkit says that errors have one, hence the default. Document ' +
      '2.0.9 has none.',
  ),
  extraDetails: oneOf(
    ['nameReason', 'keyValue', 'fieldText', 'invalidParams', 'errors', 'none'],
    'nameReason',
    'How a 400 describes each invalid field. The knowledge base and the Webhooks API have name and ' +
      'reason, which says more, hence the default. Document 2.0.9 has key and value. none omits the list, ' +
      'which is optional. Others of the platform’s APIs have field and text, invalidParams instead of the ' +
      'list, or errors by the name of a field that begins with a capital letter.',
  ),
};
