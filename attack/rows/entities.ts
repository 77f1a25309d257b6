import { times } from '../inputs/attack-requests.ts';
import { loopOf } from '../inputs/loop-of.ts';
import { complex } from '../inputs/refusals.ts';
import { residentBytes } from '../process-metrics.ts';
import { graphqlRequest, type Refusal, type Row, readJson, type TestContext } from '../test-context.ts';

// A77: more objects than a router may ask for, in every form in which it can name them.

export const entityRows: readonly Row[] = [
  {
    id: 'A77',
    what: '_entities with thousands of representations, in lists, aliases and expensive selections',
    atSubgraph: true,
    run: manyRepresentations,
  },
];

const MEBIBYTE = 1024 * 1024;
const MOST_GROWN = 128 * MEBIBYTE;
const MOST_BYTES = 16 * MEBIBYTE;
const MANY = 10_000;
/** As many as a list may have. */
const PAGE = 1_000;

const tooMany: Refusal = { codes: ['BAD_USER_INPUT'], statuses: [200, 400], mostErrors: 1 };
const tooDear: Refusal = { codes: ['OPERATION_TOO_EXPENSIVE', 'OPERATION_TOO_COMPLEX'], mostErrors: 1 };

const unit = (index: number) => ({ __typename: 'SalesUnit', msn: String(1_000_000 + index) });
const merchant = (index: number) => ({
  __typename: 'Merchant',
  businessIdentifier: { scheme: 'business:NO:ORG', value: String(100_000_000 + index) },
});
const order = () => ({
  __typename: 'ProductOrder',
  productOrderId: '00000000-0000-4000-8000-000000000000',
});
const broken = () => ({ __typename: 'Merchant', businessIdentifier: 'x' });
const brokenId = () => ({ __typename: 'PricePackage', pricePackageId: 'x' });
const list = (length: number, item: (index: number) => unknown) =>
  Array.from({ length }, (_, index) => item(index));

const NAMES = '__typename ... on SalesUnit { name } ... on Merchant { name }';
const DEAR = `... on Merchant { salesUnits(first: 1000) { nodes { merchant { productOrders(first: 50) { nodes { status } } } } } }
  ... on SalesUnit { name merchant { salesUnits(first: 1000) { nodes { name configuration { captureType } } } } }
  ... on ProductOrder { merchant { salesUnits(first: 1000) { nodes { msn } } } }`;
const one = (selection = NAMES) => `query ($v: [_Any!]!) { _entities(representations: $v) { ${selection} } }`;
const inAliases = (count: number, selection = NAMES) =>
  `query ($v: [_Any!]!) { ${times(count, (i) => `a${i}: _entities(representations: $v) { ${selection} }`)} }`;

async function manyRepresentations(context: TestContext): Promise<void> {
  const { target, refused, check } = context;
  const before = residentBytes(target);
  const literals = list(MANY, (i) => `{ __typename: "SalesUnit", msn: "${1_000_000 + i}" }`).join(' ');
  const mixed = list(PAGE, (i) => [unit, merchant, order][i % 3]?.(i));
  const refusals: readonly (readonly [what: string, query: string, v: unknown, refusal: Refusal])[] = [
    ['10000 units', one(), list(MANY, unit), tooMany],
    ['10000 keys of merchants', one('__typename'), list(MANY, merchant), tooMany],
    ['1001 times the same', one(), list(PAGE + 1, () => unit(0)), tooMany],
    [
      '10000 in the document',
      `{ _entities(representations: [${literals}]) { __typename } }`,
      undefined,
      complex,
    ],
    [
      '10000 in a default',
      `query ($v: [_Any!]! = [${literals}]) { _entities(representations: $v) { __typename } }`,
      undefined,
      complex,
    ],
    ['10000 over aliases', inAliases(10), list(PAGE, unit), tooDear],
    ['1000 times the same under aliases', inAliases(10), list(PAGE, () => unit(0)), tooDear],
    ['200 aliases of 1000', inAliases(200), list(PAGE, unit), tooDear],
    ['100 aliases of 1000 keys', inAliases(100, '__typename'), list(PAGE, merchant), tooDear],
    // Each would have an error of its own.
    ['18000 keys that are none', inAliases(18, '__typename'), list(PAGE, broken), tooDear],
    ['18000 ids that are none', inAliases(18, '__typename'), list(PAGE, brokenId), tooDear],
    ['mixed types, expensively', one(DEAR), mixed, tooDear],
    ['one merchant, expensively', one(DEAR), [merchant(0)], tooDear],
    [
      'in fragments',
      `query ($v: [_Any!]!) { ${times(10, (i) => `...F${i}`)} } ${times(10, (i) => `fragment F${i} on Query { a${i}: _entities(representations: $v) { ${NAMES} } }`)}`,
      list(PAGE, unit),
      tooDear,
    ],
  ];
  await loopOf(context, 'refusals', async () => {
    for (const [what, query, v, refusal] of refusals)
      await refused(what, graphqlRequest(target, query, v && { v }, 'partner'), refusal);
  });
  await accepted(context);
  const grown = residentBytes(target) - before;
  check(
    `they take at most ${MOST_GROWN / MEBIBYTE} MiB`,
    grown <= MOST_GROWN,
    `${Math.round(grown / MEBIBYTE)} MiB`,
  );
}

/** What is allowed must not hold up others either, nor ask the upstream twice. */
async function accepted(context: TestContext): Promise<void> {
  const { target, send, check } = context;
  const { upstream } = target.fixture;
  const [msn = ''] = target.fixture.sandbox.data.msns.slice(-3);
  const known = () => ({ __typename: 'SalesUnit', msn });
  for (const [what, query, v, calls] of [
    ['1000 times the same', one('... on SalesUnit { name }'), list(PAGE, known), 1],
    ['4000 keys of merchants', inAliases(4, '__typename'), list(PAGE, merchant), 0],
    ['4000 keys that are none', inAliases(4, '__typename'), list(PAGE, broken), 0],
    ['4000 ids that are none', inAliases(4, '__typename'), list(PAGE, brokenId), 0],
  ] as const)
    await loopOf(context, what, async () => {
      const before = upstream.calls;
      const { status, text } = await send(graphqlRequest(target, query, { v }, 'partner'));
      const { data, errors = [] } = readJson(text) ?? {};
      check(`${what}: is answered or refused`, status < 500 && (data != null || errors.length > 0), text);
      check(`${what}: calls`, upstream.calls - before <= calls, upstream.calls - before);
      check(`${what}: is bounded`, text.length <= MOST_BYTES, text.length);
      check(
        `${what}: all errors have a code`,
        errors.every(({ extensions }) => extensions?.['code'] !== 'INTERNAL'),
        text,
      );
    });
}
