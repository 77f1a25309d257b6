import { type GraphQLSchema, parse, visit } from 'graphql';
import { loadSubgraphSchema, schema } from '../../src/schema/index.ts';
import { type GraphqlBody, graphqlRequest, type Row, readJson, type TestContext } from '../test-context.ts';

// A72: names of the schema where they are no part of what is executed, to be confirmed by messages.

const namesOf = (one: GraphQLSchema) =>
  new Set(
    Object.values(one.getTypeMap()).flatMap((type) => [
      type.name,
      ...('getFields' in type ? Object.keys(type.getFields()) : []),
      ...('getValues' in type ? type.getValues().map(({ name }) => name) : []),
    ]),
  );

/** Documents whose messages name something of the schema unless the server takes care. */
const wrong = [
  'query Y { canary }',
  'query Y { salesUnit { name } }',
  'query Y { salesUnits { nodes { merchant } } }',
  'query Y { salesUnit(msn: "1", wrong: 2) { name } }',
  'query Y { salesUnits(filter: { wrong: 1 }) { totalCount } }',
  'query Y { salesUnits(orderBy: {}) { totalCount } }',
  'query Y { salesUnits(orderBy: { field: WRONG }) { totalCount } }',
  'query Y { salesUnits(first: "x") { totalCount } }',
  'query Y { salesUnits { nodes { ... on Query { viewer { tenant } } } } }',
  'query Y($m: Int) { salesUnit(msn: $m) { name } }',
];
const placesOf = (list: string): Readonly<Record<string, (text: string) => string>> => ({
  'a comment': (text) => `# ${list}\n${text}`,
  'a string': (text) => `${text} query Z { salesUnit(msn: "${list}") { name } }`,
  'a block string': (text) => `${text} query Z { salesUnit(msn: """${list}""") { name } }`,
});

async function names({ target, check, send }: TestContext): Promise<void> {
  const schemaNames = namesOf(target.endpoint.forRouters ? await loadSubgraphSchema() : schema);
  const guesses = [...schemaNames].filter((name) => /^[A-Z]/.test(name));
  const list = guesses.join(' ');
  const places = placesOf(list);
  const foreign = async (what: string, request: Parameters<typeof send>[0], document: string) => {
    const { text } = await send(request);
    const { errors = [] }: GraphqlBody = readJson(text) ?? {};
    check(`${what}: is refused`, errors.length > 0, text);
    const own = new Set<string>();
    visit(parse(document), { Name: ({ value }) => void own.add(value) });
    const said = errors.flatMap(({ message }) => message.match(/\w+/g) ?? []);
    // Words of plain English that are names too stand without quotation marks; types never do.
    const found = said.filter((word) => /^[A-Z]/.test(word) && schemaNames.has(word) && !own.has(word));
    check(`${what}: no name of the schema`, found.length === 0, found);
  };
  for (const text of wrong) {
    for (const [place, around] of Object.entries(places))
      await foreign(
        `${text} in ${place}`,
        graphqlRequest(target, around(text), undefined, 'reading'),
        around(text),
      );
    const variables = Object.fromEntries(guesses.map((name) => [name, list]));
    await foreign(`${text} with variables`, graphqlRequest(target, text, variables, 'reading'), text);
    const rest = { operationName: list };
    await foreign(
      `${text} with an operation name`,
      graphqlRequest(target, text, undefined, 'reading', rest),
      text,
    );
  }
  const query = 'query Y($f: SalesUnitFilter) { salesUnits(filter: $f) { totalCount } }';
  for (const f of [{ [list]: 1 }, { name: { equal: 1 } }, { name: { in: [{}] } }, 'TextFilter'])
    await foreign(
      `variable ${JSON.stringify(f).slice(0, 30)}`,
      graphqlRequest(target, query, { f }, 'reading'),
      query,
    );

  // A name that the document has as its own is no reason to confirm what the schema has of that name.
  const said = async (text: string) => {
    const reply = await send(graphqlRequest(target, text, undefined, 'reading'));
    return (readJson(reply.text)?.errors ?? []).map(({ message }) => message);
  };
  for (const text of wrong)
    for (const guess of ['SalesUnit', 'SalesUnitConnection', 'SalesUnitFilter', 'SalesUnitOrderField', 'Int'])
      for (const own of [
        'query Z { NAME: __typename }',
        'query NAME { __typename }',
        'fragment NAME on Query { __typename }',
      ]) {
        const messages = await said(`${text} ${own.replace('NAME', guess)}`);
        const others = await said(`${text} ${own.replace('NAME', 'Nonsense')}`);
        const same = messages.join().replaceAll(guess, 'Nonsense') === others.join();
        check(`${text} ${own} ${guess}: as of any other name`, same, messages);
        check(`${text} ${own} ${guess}: not on type`, !messages.join().includes(`type "${guess}"`), messages);
      }
}

export const terseNameRows: readonly Row[] = [
  { id: 'A72', what: 'names of the schema beside the document', run: names },
];
