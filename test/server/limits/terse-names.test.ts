import { type DocumentNode, parse, validate, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { terseMessage } from '../../../src/server/errors/terse-message.ts';
import { startTestGateway } from '../../support/gateway.ts';

const reader = { gateway: { graphiql: false }, caller: { scopes: new Set(['read'] as const) } };

/** Every name of the schema: what a list of guesses would have at best. */
const schemaNames = new Set(
  Object.values(schema.getTypeMap()).flatMap((type) => [
    type.name,
    ...('getFields' in type ? Object.keys(type.getFields()) : []),
    ...('getFields' in type
      ? Object.values(type.getFields()).flatMap((field) =>
          'args' in field ? field.args.map((argument: { name: string }) => argument.name) : [],
        )
      : []),
    ...('getValues' in type ? type.getValues().map(({ name }) => name) : []),
  ]),
);
// Types alone: each name of a message that a wrong document provokes is one, or a field of one.
const guesses = [...schemaNames].filter((name) => /^[A-Z]/.test(name) && !name.startsWith('__'));
const list = guesses.join(' ');

/** Documents that are wrong, whose messages name something of the schema. */
const wrong = [
  '{ canary }',
  '{ salesUnit { name } }',
  '{ salesUnits { nodes { merchant } } }',
  '{ salesUnits { nodes { name { x } } } }',
  '{ salesUnit(msn: "1", wrong: 2) { name } }',
  '{ salesUnits(filter: { wrong: 1 }) { totalCount } }',
  '{ salesUnits(orderBy: { field: WRONG }) { totalCount } }',
  '{ salesUnits(orderBy: {}) { totalCount } }',
  '{ salesUnits(first: "x") { totalCount } }',
  '{ salesUnits(filter: 1) { totalCount } }',
  '{ viewer @skip { tenant } }',
  '{ viewer @wrong { tenant } }',
  '{ salesUnits { nodes { ... on Query { viewer { tenant } } } } }',
  '{ salesUnits { nodes { ...F } } } fragment F on Query { viewer { tenant } }',
  'query ($m: Int) { salesUnit(msn: $m) { name } }',
  'query ($m: String) { salesUnit(msn: $m) { name } }',
  '{ a: viewer { tenant } a: salesUnits { totalCount } }',
  '{ salesUnits { nodes { a: msn a: businessIdentifier { value } } } }',
  'query Q { viewer { tenant } } query Q { viewer { tenant } }',
];

/** Where guesses can be put without being used as names of what is executed. */
const places: [place: string, document: (wrong: string) => string][] = [
  ['a comment', (text) => `# ${list}\n${text}\n#${list}`],
  ['a string', (text) => `query Z { salesUnit(msn: ${JSON.stringify(list)}) { name } } ${text}`],
  ['a block string', (text) => `query Z { salesUnit(msn: """${list}""") { name } } ${text}`],
  [
    'quoted strings',
    (text) => `query Z { nodes(ids: [${guesses.slice(0, 200).map((name) => `"${name}"`)}]) { id } } ${text}`,
  ],
];

/** Where guesses are names of the document that are no names of the schema. */
const ownNames: [place: string, document: (guess: string) => string][] = [
  ['an alias', (guess) => `query Z { ${guess}: __typename }`],
  ['an operation', (guess) => `query ${guess} { __typename }`],
  ['an unused fragment', (guess) => `fragment ${guess} on Query { __typename }`],
  ['a variable', (guess) => `query Z($${guess}: Int) { salesUnits(first: $${guess}) { totalCount } }`],
];

const named = (text: string) =>
  /^\{/.test(text) ? `query Y ${text}` : text.replace(/^query \(/, 'query Y (');
const namesOf = (document: DocumentNode) => {
  const names = new Set<string>();
  visit(document, { Name: ({ value }) => void names.add(value) });
  return names;
};
const wordsOf = (message: string) =>
  [...message.matchAll(/"[^"]*"/g)].flatMap(([quoted]) => quoted.match(/\w+/g) ?? []);

describe('a message for a caller who may not read the schema', () => {
  it.each(places)('has no name that is in %s alone', async (_place, around) => {
    await using gateway = await startTestGateway(reader);
    for (const text of wrong) {
      const document = around(named(text));
      const own = namesOf(parse(document));
      const { errors } = await gateway.query(document);
      expect(errors?.length).toBeGreaterThan(0);
      for (const { message, extensions } of errors ?? []) {
        expect(extensions.code).toBe('BAD_REQUEST');
        expect(wordsOf(message).filter((word) => schemaNames.has(word) && !own.has(word))).toEqual([]);
        expect(message).not.toMatch(/canaryvalue/);
      }
    }
  });

  it.each(['variables', 'operationName', 'extensions'])(
    'has no name that is in %s alone',
    async (parameter) => {
      await using gateway = await startTestGateway(reader);
      const given = {
        variables: Object.fromEntries(guesses.map((name) => [name, name])),
        operationName: list,
        extensions: { list },
      };
      for (const text of wrong) {
        const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: text, [parameter]: given[parameter as keyof typeof given] }),
        });
        const { errors } = (await response.json()) as { errors: { message: string }[] };
        const own = namesOf(parse(text));
        expect(errors.length).toBeGreaterThan(0);
        for (const { message } of errors)
          expect(wordsOf(message).filter((word) => schemaNames.has(word) && !own.has(word))).toEqual([]);
      }
    },
  );

  it.each(ownNames)('is the same whether the name of a type is %s or not', async (_place, withGuess) => {
    await using gateway = await startTestGateway(reader);
    const said = async (text: string, guess: string) => {
      const { errors } = await gateway.query(`${named(text)} ${withGuess(guess)}`);
      return errors?.map(({ message }) => message.replaceAll(guess, 'GUESS'));
    };
    // The types that the messages of the library name.
    for (const guess of [
      'SalesUnit',
      'Merchant',
      'SalesUnitConnection',
      'SalesUnitFilter',
      'SalesUnitOrderField',
    ])
      for (const text of wrong) expect(await said(text, guess)).toEqual(await said(text, 'Nonsense'));
  });

  it('has no name of a key in a variable', async () => {
    await using gateway = await startTestGateway(reader);
    const query = 'query ($f: SalesUnitFilter) { salesUnits(filter: $f) { totalCount } }';
    for (const value of [
      { SalesUnit: 1 },
      { name: { TextFilter: 1 } },
      { name: { contains: 1 } },
      'TextFilter',
    ]) {
      const { errors } = await gateway.query(query, { f: value });
      expect(errors).toMatchObject([
        {
          message:
            'The value of the variable "$f" does not have the type SalesUnitFilter that the operation declares.',
          extensions: { argument: 'f' },
        },
      ]);
    }
  });

  it.each([
    ['{ ...Missing }', 'Unknown fragment "Missing".'],
    ['{ viewer { tenant } } fragment F on Query { viewer { tenant } }', 'Fragment "F" is never used.'],
    ['query Q($a: Int) { viewer { tenant } }', 'Variable "$a" is never used in operation "Q".'],
    ['{ salesUnits(first: $a) { totalCount } }', 'Variable "$a" is not defined.'],
    [
      'query Q { viewer { tenant } } { viewer { tenant } }',
      'This anonymous operation must be the only defined operation.',
    ],
    [
      '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }',
      'Cannot spread fragment "F" within itself via "G".',
    ],
    ['query Q { __typename } query Q { __typename }', 'There can be only one operation named "Q".'],
    [
      '{ viewer @skip(if: true) @skip(if: true) { tenant } }',
      'The directive "@skip" can only be used once at this location.',
    ],
    ['{ salesUnits(first: 1, first: 2) { totalCount } }', 'There can be only one argument named "first".'],
  ])('is the whole message where only the document matters: %s', (text, message) => {
    const errors = validate(schema, parse(text), undefined, { hideSuggestions: true });
    expect(errors.map(terseMessage)).toContain(message);
  });

  it('shortens a name of the client', async () => {
    await using gateway = await startTestGateway(reader);
    const { errors } = await gateway.query(`{ ${'a'.repeat(128)} }`);
    expect(errors?.[0]?.message).toMatch(/^The field "a{63}…" is not valid here\./);
  });
});
