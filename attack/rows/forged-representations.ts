import { loopOf } from '../inputs/loop-of.ts';
import { graphqlRequest, type Refusal, type Row, type TestContext } from '../test-context.ts';

// A78: representations that no router sends.

export const forgedRepresentationRows: readonly Row[] = [
  {
    id: 'A78',
    what: 'representations with forged types, giant keys and deep values',
    atSubgraph: true,
    run: (context) => loopOf(context, 'refusals', () => forgedRepresentations(context)),
  },
];

const CANARY = 'cAnArYvalue';
const MEGABYTE = 1_000_000;
const DEEP = 100_000;
const refusal: Refusal = {
  codes: ['BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_TOO_COMPLEX'],
  statuses: [200, 400],
  silentAbout: [CANARY],
  mostErrors: 3,
};
const SELECTION =
  '__typename ... on SalesUnit { name } ... on Merchant { name } ... on ProductOrder { status }';
const asVariable = `query ($v: [_Any!]!) { _entities(representations: $v) { ${SELECTION} } }`;
const inDocument = (literal: string) => `{ _entities(representations: ${literal}) { ${SELECTION} } }`;

const types: readonly unknown[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'],
  ...[
    'Query',
    'Mutation',
    'Subscription',
    'Change',
    '_Entity',
    '_Service',
    '_Any',
    'Node',
    'ManagementViewer',
  ],
  ...['salesUnit', 'SalesUnit ', 'SalesUnit\u0000', 'Sales\u0130Unit', '', CANARY, CANARY.repeat(90_000)],
  ...[1, 0, true, null, [], ['SalesUnit'], [['SalesUnit']], {}, { toString: 'SalesUnit' }],
];
const keys: readonly unknown[] = [
  ...[
    '',
    '..',
    '../merchants',
    '1234/../5678',
    '12 34',
    '1234\r\nX-Evil: 1',
    '１２３４',
    '__proto__',
    CANARY,
  ],
  ...[1234, true, null, [], ['123456'], { toString: '123456' }, '1'.repeat(MEGABYTE), CANARY.repeat(90_000)],
];

/** Every place for a key, with the rest as it should be. */
const places: Readonly<Record<string, (key: unknown) => object>> = {
  msn: (msn) => ({ __typename: 'SalesUnit', msn }),
  businessIdentifier: (businessIdentifier) => ({ __typename: 'Merchant', businessIdentifier }),
  scheme: (scheme) => ({ __typename: 'Merchant', businessIdentifier: { scheme, value: '123456785' } }),
  value: (value) => ({ __typename: 'Merchant', businessIdentifier: { scheme: 'business:NO:ORG', value } }),
  productOrderId: (productOrderId) => ({ __typename: 'ProductOrder', productOrderId }),
  pricePackageId: (pricePackageId) => ({ __typename: 'PricePackage', pricePackageId }),
};

async function forgedRepresentations(context: TestContext): Promise<void> {
  const { target, refused, check } = context;
  const from = target.process.stdout.length;
  const good = { __typename: 'SalesUnit', msn: '123456' };
  const short = (value: unknown) => JSON.stringify(value)?.slice(0, 30) ?? 'undefined';
  const send = (what: string, v: unknown) =>
    refused(what, graphqlRequest(target, asVariable, { v }, 'partner'), refusal);
  // One that is forged refuses the others with it.
  for (const __typename of types) await send(`type ${short(__typename)}`, [good, { ...good, __typename }]);
  for (const [place, representation] of Object.entries(places))
    for (const key of keys.filter((one) => !couldBe(place, one)))
      await send(`${place} ${short(key)}`, [representation(key)]);
  for (const one of [null, 1, 'SalesUnit', [], [good], [[[good]]], {}, { msn: '123456' }])
    await send(`instead of one: ${short(one)}`, [one]);
  for (const all of [null, 1, 'SalesUnit', {}, { 0: good, length: 1 }, [[[[good]]]]])
    await send(`instead of all: ${short(all)}`, all);

  const { headers = {} } = graphqlRequest(target, '', undefined, 'partner');
  const bodyOf = (representation: string) =>
    `{"query":${JSON.stringify(asVariable)},"variables":{"v":[${representation}]}}`;
  const deepList = '['.repeat(DEEP) + ']'.repeat(DEEP);
  const deepObject = `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`;
  const wide = Array.from({ length: 30_000 }, (_, index) => `"k${index}":1`).join();
  for (const [what, representation] of [
    ['a deep list', `{"__typename":"SalesUnit","msn":${deepList}}`],
    ['a deep object', `{"__typename":"Merchant","businessIdentifier":${deepObject}}`],
    ['a deep object beside the key', `{"__typename":"Change","x":${deepObject}}`],
    ['lists instead of one', deepList],
    ['30000 fields', `{"__typename":"Change",${wide}}`],
    ['the prototype as a field', '{"__proto__":{"__typename":"SalesUnit","msn":"123456"}}'],
    ['the type twice', '{"__typename":"SalesUnit","__typename":"Query","msn":"123456"}'],
  ] as const)
    await refused(what, { headers, body: bodyOf(representation) }, refusal);

  for (const [what, query, variables] of [
    ['the prototype', inDocument('[{ __proto__: { __typename: "SalesUnit", msn: "123456" } }]'), {}],
    ['a number for a key', inDocument('[{ __typename: "SalesUnit", msn: 123456 }]'), {}],
    ['deep lists', inDocument('['.repeat(3_000) + ']'.repeat(3_000)), {}],
    ['deep objects', inDocument(`[${'{ a: '.repeat(3_000)}1${' }'.repeat(3_000)}]`), {}],
    ['a long type', inDocument(`[{ __typename: "${CANARY.repeat(5_000)}" }]`), {}],
    [
      'a type from a variable',
      `query ($t: String) ${inDocument('[{ __typename: $t, msn: "123456" }]')}`,
      { t: 'Query' },
    ],
    ['no value for a type', `query ($t: String) ${inDocument('[{ __typename: $t, msn: "123456" }]')}`, {}],
    ['one for all', `query ($v: _Any) ${inDocument('$v')}`, { v: [good] }],
    ['all for one', `query ($v: _Any!) ${inDocument('[$v]')}`, { v: [good] }],
  ] as const)
    await refused(`${what} in the document`, graphqlRequest(target, query, variables, 'partner'), refusal);
  await largestBodies(context, bodyOf);
  check('no value in the log', !target.process.stdout.slice(from).includes(CANARY));
  check('nothing is polluted', !('__typename' in {}));
}

/** Reading so many bytes takes longer than another refusal may, but no longer than a turn of the event loop. */
async function largestBodies(
  { target, send, check }: TestContext,
  bodyOf: (representation: string) => string,
): Promise<void> {
  const { headers = {} } = graphqlRequest(target, '', undefined, 'partner');
  const { calls } = target.fixture.upstream;
  const names = Array.from({ length: 700_000 }, (_, index) => `"k${index}":1`).join();
  for (const [what, representation] of [
    ['a key of 10 MB', `{"__typename":"SalesUnit","msn":"${'1'.repeat(10 * MEGABYTE)}"}`],
    ['700000 fields', `{"__typename":"SalesUnit",${names}}`],
  ] as const) {
    const { status, text } = await send({ headers, body: bodyOf(representation) });
    check(`${what}: refused`, status < 500 && /"BAD_(USER_INPUT|REQUEST)"/.test(text), `${status} ${text}`);
    check(`${what}: a short answer`, text.length < 1_000, text.length);
  }
  check('large bodies: no upstream call', target.fixture.upstream.calls === calls);
}

/** Texts without a slash are a scheme, as far as the gateway knows, and digits are a business. */
const couldBe = (place: string, key: unknown) =>
  typeof key === 'string' &&
  key.length < 300 &&
  ((place === 'scheme' && /^[\w ]+$/.test(key)) || (place === 'value' && /^\d+$/.test(key)));
