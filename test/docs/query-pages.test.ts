import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Serving, startServing } from '../cli/serving.ts';
import { readShellBlocks } from './page.ts';

const run = promisify(execFile);
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
}, 60_000);
afterAll(() => serving[Symbol.asyncDispose]());

/** The answer without its duration, which differs from run to run. */
const withoutDuration = (answer: { extensions?: { upstream?: object } }) => {
  const { extensions } = answer;
  if (!extensions?.upstream) return answer;
  return {
    ...answer,
    extensions: { ...extensions, upstream: { ...extensions.upstream, ms: 0, oldest: '' } },
  };
};

// README.md comes first: its answer shows the calls of a gateway that has cached nothing.
it.each(['README.md', 'docs/querying.md'])('prints what %s says, query by query', async (path) => {
  const blocks = readShellBlocks(read(path));
  expect(blocks.length).toBeGreaterThan(0);
  for (const { script, expected, line } of blocks) {
    const toServing = script.replace('http://127.0.0.1:4000/graphql', serving.url);
    const { stdout } = await run('bash', ['-c', `export NO_PROXY=127.0.0.1\n${toServing}`]);
    expect(withoutDuration(JSON.parse(stdout)), `${path}, line ${line}`).toEqual(
      withoutDuration(JSON.parse(expected?.text ?? '')),
    );
  }
});

it('orders what docs/ordering.md orders', async () => {
  const page = read('docs/ordering.md');
  const [, query = ''] = /^```graphql\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const [, variables = ''] = /^```json\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const answer = await fetch(serving.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: JSON.parse(variables) }),
  });
  expect(await answer.json()).toMatchObject({
    data: {
      prefillProductOrder: {
        prefillUrl: expect.stringMatching(/^http/),
        idempotencyKey: 'onboarding-4711',
        userErrors: [],
      },
    },
  });
});
