import { oneOf } from './definition.ts';

/** What good answers and errors look like. */
export const answerPolicies = {
  msnAsInteger: oneOf(
    [false, true],
    false,
    'msn in lists and orders as an integer, as the examples of the guide show; details give a string either way. ' +
      'Document 2.0.9 says string everywhere, hence the default.',
  ),
  settlementBankAccount: oneOf(
    ['hidden', 'shown'],
    'hidden',
    'settlementBankAccount in the details of a sales unit. Added in January 2025 and removed in February 2025 (source: ' +
      'changelog), hence the default; an example of the toolkit still has it.',
  ),
  listOrder: oneOf(
    ['stable', 'shuffled'],
    'stable',
    'The order of lists. None is promised; the default is the one that is easier to read. Shuffled shows who relies on ' +
      'it: the long list of sales units is shuffled when something changes and begins at another row on each call, the ' +
      'others are shuffled on each call.',
  ),
  unknownMerchantUnits: oneOf(
    ['notFound', 'emptyList'],
    'notFound',
    'The sales units of a merchant of whom the caller sees none. The FAQ says 404 for merchants and units alike but ' +
      'does not name this list, hence the default.',
  ),
  badBusinessIdentifierStatus: oneOf(
    [404, 400],
    404,
    'Status for a scheme or id in a path that breaks the limits they have in a body (10 to 30 characters, 4 to 50 ' +
      'digits and hyphens). Document 2.0.9 gives the path no limits, so by default such a merchant is just unknown.',
  ),
  refusalForm: oneOf(
    ['gateway', 'problem'],
    'gateway',
    'Who writes 401, 403 and 429 on API routes. Not told apart in the sources: the gateway in its own form ' +
      '(source: knowledge base), hence the default, or the API as a problem, as document 2.0.9 declares.',
  ),
  problemStatus: oneOf(
    ['number', 'string'],
    'number',
    'status in a problem. Document 2.0.9 says integer, hence the default; the knowledge base shows a string.',
  ),
  problemTitles: oneOf(
    ['statusText', 'documented'],
    'statusText',
    'title of a problem. The name of the status, or where one is published that one: "Not authorized to create a ' +
      'product order" (source: document 2.0.9). One example is no rule, hence the default.',
  ),
  problemTraceId: oneOf(
    [true, false],
    true,
    'traceId in a problem. The toolkit says that errors carry one, hence the default; document 2.0.9 has none.',
  ),
  extraDetails: oneOf(
    ['nameReason', 'keyValue', 'none'],
    'nameReason',
    'What a 400 tells of each wrong field. Knowledge base and Webhooks API have name and reason, hence the default, ' +
      'which says more; document 2.0.9 has key and value. It may be left out as well.',
  ),
};
