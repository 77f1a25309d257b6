import { anyObject } from '../inputs/any-object.ts';
import { graphqlRequest, type Refusal, type Row, type TestContext } from '../test-context.ts';

export const schemaGuessingRows: readonly Row[] = [
  { id: 'A11', what: 'guessing names by error messages', run: guessing },
];

async function guessing({ target, refused }: TestContext): Promise<void> {
  const refusal: Refusal = { codes: ['BAD_REQUEST', 'BAD_USER_INPUT'], mostErrors: 3 };
  const guesses: readonly [
    what: string,
    query: string,
    variables: object | undefined,
    hidden: readonly string[],
  ][] = [
    ['field', '{ salesUnitt }', undefined, ['"salesUnit"', 'salesUnits']],
    ['argument', '{ salesUnit(msm: "1") { name } }', undefined, ['"msn"']],
    [
      'type condition',
      `{ ${anyObject(target.endpoint).field('[]', '... on SalesUnt { id }')} }`,
      undefined,
      ['"SalesUnit"'],
    ],
    ['enum literal', '{ salesUnits(orderBy: { field: NAMEE }) { totalCount } }', undefined, ['"NAME"']],
    [
      'enum in a variable',
      'query ($o: SalesUnitOrder) { salesUnits(orderBy: $o) { totalCount } }',
      { o: { field: 'NAMEE' } },
      ['"NAME"', 'NAMEE'],
    ],
    ['input field', '{ salesUnits(filter: { nam: { equals: "x" } }) { totalCount } }', undefined, ['"name"']],
    [
      'input field in a variable',
      'query ($f: SalesUnitFilter) { salesUnits(filter: $f) { totalCount } }',
      { f: { nam: {} } },
      ['"name"'],
    ],
    ['directive', '{ __typename @skp(if: true) }', undefined, ['@skip']],
    ['variable', 'query ($msn: String!) { salesUnit(msn: $mns) { name } }', { msn: '123456' }, ['123456']],
    ['fragment', '{ ...Unitt } fragment Unit on Query { __typename }', undefined, []],
  ];
  for (const [what, query, variables, silentAbout] of guesses)
    await refused(what, graphqlRequest(target, query, variables), { ...refusal, silentAbout });
}
