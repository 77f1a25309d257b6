import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsOf, copyExample, packagesOf, type Recipe } from './recipe.ts';
import { startWorld, type World } from './serving.ts';

// The three commands of each section of docs/clients.md, as they stand there.

const first = /^30 sales units, for example:\n(\d+ .+\n){3}$/;
const merged = '10 of 30 sales units\n20 of 30 sales units\n30 of 30 sales units\n';

describe.each([
  { heading: 'gql.tada', example: 'clients/gql-tada', prints: first },
  { heading: 'GraphQL Code Generator', example: 'clients/codegen', prints: first },
  { heading: 'urql', example: 'clients/urql', prints: merged },
  { heading: 'Apollo Client', example: 'clients/apollo-client', prints: merged },
  { heading: 'Relay', example: 'clients/relay', prints: first },
])('the recipe for $heading', ({ heading, example, prints }) => {
  const [install = '', check = '', start = '', ...rest] = commandsOf(heading);
  let world: World;
  let recipe: Recipe;
  const edit = (file: string, from: string, to: string) => {
    const path = join(recipe.folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    return () => writeFileSync(path, text);
  };
  beforeAll(async () => {
    world = await startWorld();
    recipe = copyExample(example, packagesOf(install));
  });
  afterAll(async () => {
    recipe[Symbol.dispose]();
    await world[Symbol.asyncDispose]();
  });

  it('has three commands, and they print what the gateway answers', async () => {
    expect(rest).toEqual([]);
    expect(await recipe.sh(check)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await recipe.sh(start, { GATEWAY_URL: world.gateway.url });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toEqual(typeof prints === 'string' ? prints : expect.stringMatching(prints));
  });

  it('finds a field that the schema lacks in a document', async () => {
    const undo = edit(heading === 'Relay' ? 'documents.ts' : 'units.ts', 'totalCount\n', 'totalCuont\n');
    const { code, stdout, stderr } = await recipe.sh(check);
    undo();
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/totalCuont/);
  });

  it('finds a field that the document lacks in the code', async () => {
    const undo = edit('units.ts', 'salesUnits.totalCount', 'salesUnits.totalCuont');
    const { code, stdout } = await recipe.sh(check);
    undo();
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/units\.ts.*error TS.*totalCuont/);
  });
});

it('runs the documents of graphql-codegen where the gateway takes no others', async () => {
  const [install = '', check = '', start = ''] = commandsOf('GraphQL Code Generator');
  using recipe = copyExample('clients/codegen', packagesOf(install));
  await recipe.sh(check);
  const documents = join(recipe.folder, 'generated/persisted-documents.json');
  await using world = await startWorld({ TRUSTED_DOCUMENTS_FILE: documents });
  const { stdout, stderr } = await recipe.sh(start, { GATEWAY_URL: world.gateway.url });
  expect(stderr).toBe('');
  expect(stdout).toMatch(first);
  const { errors } = await world.gateway.query('{ salesUnits { totalCount } }');
  expect(errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
});

it('runs the documents of Relay where the gateway takes no others', async () => {
  const [install = '', check = '', start = ''] = commandsOf('Relay');
  using recipe = copyExample('clients/relay', packagesOf(install));
  const settings = join(recipe.folder, 'relay.config.json');
  const persistConfig = { file: './persisted.json', algorithm: 'SHA256' };
  writeFileSync(settings, JSON.stringify({ ...JSON.parse(readFileSync(settings, 'utf8')), persistConfig }));
  const documents = join(recipe.folder, 'persisted.json');
  writeFileSync(documents, '{}');
  expect(await recipe.sh(check)).toMatchObject({ code: 0 });
  await using world = await startWorld({ TRUSTED_DOCUMENTS_FILE: documents, GRAPHIQL: 'off' });
  const { stdout } = await recipe.sh(start, { GATEWAY_URL: world.gateway.url });
  expect(stdout).toMatch(first);
});
