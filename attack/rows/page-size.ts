import { anyObject } from '../inputs/any-object.ts';
import { graphqlRequest, type Refusal, type Row, type TestContext } from '../test-context.ts';

export const pageSizeRows: readonly Row[] = [
  { id: 'A40', what: 'oversized pages', run: pages },
  {
    id: 'A41',
    what: 'one query for thousands of calls',
    run: async ({ target, refused }) => {
      const tooDear: Refusal = { codes: ['OPERATION_TOO_EXPENSIVE', 'OPERATION_TOO_COMPLEX'] };
      const fan =
        '{ salesUnits(first: 1000) { nodes { merchant { salesUnits(first: 100) { nodes { configuration { captureType } } } } } } }';
      await refused('units of merchants', graphqlRequest(target, fan, undefined, 'partner'), tooDear);
      const find = anyObject(target.endpoint);
      const v = Array.from({ length: 6_000 }, (_, i) => find.name('SalesUnit', String(1_000_000 + i)));
      await refused('6000 ids', graphqlRequest(target, find.query(), { v }, 'partner'), {
        ...tooDear,
        codes: ['OPERATION_TOO_EXPENSIVE', 'BAD_USER_INPUT'],
      });
    },
  },
];

async function pages({ target, refused, send, check }: TestContext): Promise<void> {
  const either: Refusal = {
    codes: ['BAD_USER_INPUT', 'OPERATION_TOO_EXPENSIVE', 'BAD_REQUEST'],
    statuses: [200, 400],
  };
  const list = (args: string, inner = 'name') => `{ salesUnits${args} { nodes { ${inner} } } }`;
  const details = 'configuration { captureType }';
  for (const args of [
    '(first: 1000000000)',
    '(first: -1)',
    '(first: 1, last: 1)',
    '(last: 1000000000)',
    '(first: 99999999999)',
  ])
    await refused(args, graphqlRequest(target, list(args), undefined, 'partner'), either);
  const none = await send(graphqlRequest(target, list('(first: 0)'), undefined, 'partner'));
  check('first: 0 is an empty page or refused', /"nodes":\[\]|BAD_USER_INPUT/.test(none.text), none.text);
  const nested = list(
    '(first: 100)',
    `merchant { salesUnits(first: 100) { nodes { merchant { salesUnits(first: 100) { nodes { ${details} } } } } } }`,
  );
  const tooDear: Refusal = { codes: ['OPERATION_TOO_EXPENSIVE', 'OPERATION_TOO_COMPLEX'] };
  await refused('100 × 100 × 100', graphqlRequest(target, nested, undefined, 'partner'), tooDear);
  const inner = `merchant { salesUnits(first: $n) { nodes { ${details} } } }`;
  await refused(
    'in variables',
    graphqlRequest(target, `query ($n: Int) ${list('(first: $n)', inner)}`, { n: 1000 }, 'partner'),
    tooDear,
  );
  await refused(
    'in a default',
    graphqlRequest(target, `query ($n: Int = 1000) ${list('(first: $n)', inner)}`, undefined, 'partner'),
    tooDear,
  );
  await refused(
    'in a fragment',
    graphqlRequest(
      target,
      `query ($n: Int = 1000) { ...F } fragment F on Query { salesUnits(first: $n) { nodes { ${inner} } } }`,
      undefined,
      'partner',
    ),
    tooDear,
  );
}
