import { anyObject } from '../inputs/any-object.ts';
import { graphqlRequest, type Refusal, type Row, type TestContext } from '../test-context.ts';

// A63: variables that are wrong in a hundred thousand places, or as many as fit into a body.

const CANARY = 'cAnArYvalue';
const MOST = 100_000;
/** JSON.parse alone takes 50 ms for a hundred thousand different keys. */
const MOST_KEYS = 60_000;
const refusal: Refusal = {
  codes: ['BAD_USER_INPUT', 'BAD_REQUEST'],
  silentAbout: [CANARY],
  mostErrors: 3,
};

/** `size`: bytes of a value in JSON; a megabyte is what a body may have. */
async function largeVariables({ target, refused, check }: TestContext, size: number): Promise<void> {
  /** As many items as fit. */
  const many = (item: (index: number) => unknown, most = MOST) => {
    const length = Math.min(most, Math.floor(size / (JSON.stringify(item(MOST)).length + 1)));
    return Array.from({ length }, (_, index) => item(index));
  };
  const keys = (value: unknown) =>
    Object.fromEntries(many((index) => [`k${index}`, value], MOST_KEYS) as [string, unknown][]);
  const filter = 'query ($v: SalesUnitFilter) { salesUnits(filter: $v) { totalCount } }';
  const order = 'query ($v: SalesUnitOrder) { salesUnits(orderBy: $v) { totalCount } }';
  const find = anyObject(target.endpoint);
  const ids = find.query();
  // What is no representation is found by the resolver, since its type is any value.
  const refusedObjects = target.endpoint.forRouters ? { ...refusal, statuses: [200, 400] } : refusal;
  const msn = 'query ($v: String!) { salesUnit(msn: $v) { name } }';
  const prefill =
    'mutation ($v: PrefillProductOrderInput!) { prefillProductOrder(input: $v) { prefillUrl } }';
  const attacks: [what: string, query: string, value: unknown][] = [
    ['unknown keys', filter, keys(1)],
    ['unknown keys with values', filter, keys(CANARY)],
    ['unknown keys deeper', filter, { name: keys(CANARY) }],
    ['unknown keys of a mutation', prefill, keys(CANARY)],
    ['an object for a text', msn, keys(CANARY)],
    ['enum misses', 'query ($v: [ProductType!]) { __typename }', many(() => CANARY)],
    ['an object for an enum', order, { field: keys(CANARY) }],
    ['a long text for an enum', order, { field: CANARY.repeat(size / CANARY.length) }],
    ['lists for ids', ids, many(() => [CANARY])],
    ['objects for ids', ids, many(() => ({ a: CANARY }))],
    ['fractions for ids', ids, many((index) => index + 0.5)],
    ['nulls for ids', ids, many(() => null)],
    ['booleans for texts', filter, { msn: { in: many(() => true) } }],
    ['deep lists', ids, JSON.parse('['.repeat(4_000) + ']'.repeat(4_000))],
  ];
  for (const [what, query, v] of attacks) {
    const from = target.process.stdout.length;
    await refused(what, graphqlRequest(target, query, { v }), query === ids ? refusedObjects : refusal);
    check(`${what}: no value in the log`, !target.process.stdout.slice(from).includes(CANARY));
  }
  const literals: [what: string, query: string][] = [
    ['a text', `{ salesUnits(first: "${CANARY.repeat(1_000)}") { totalCount } }`],
    ['an enum', `{ salesUnits(orderBy: { field: ${CANARY.repeat(11)} }) { totalCount } }`],
    ['ids', `{ ${find.field(`[${`{ a: "${CANARY}" } `.repeat(400)}]`)} }`],
    ['an object', `{ salesUnits(filter: "${CANARY}") { totalCount } }`],
    ['a default', `query ($v: Int = "${CANARY}") { salesUnits(first: $v) { totalCount } }`],
  ];
  for (const [what, query] of literals)
    await refused(
      `${what} in the document`,
      graphqlRequest(target, query, undefined, 'partner'),
      what === 'ids' ? refusedObjects : refusal,
    );
  const longName = `{ salesUnits(orderBy: { field: ${CANARY.repeat(1_000)} }) { totalCount } }`;
  await refused('a long enum in the document', graphqlRequest(target, longName, undefined, 'partner'), {
    ...refusal,
    codes: ['OPERATION_TOO_COMPLEX'],
  });
}

/** Where times are not measured strictly, as on the control that fails anyway, a quarter of the size shows the same. */
export const largeVariableRows = (strictTimes: boolean): readonly Row[] => [
  {
    id: 'A63',
    what: 'variables wrong in 100000 places',
    run: (context) => largeVariables(context, strictTimes ? 1_000_000 : 250_000),
  },
];
