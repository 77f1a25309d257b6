import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { policyDefinition, policyNames } from '../../src/sandbox/policy/policy.ts';
import { readShellBlocks, type ShellBlock, settle } from './page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/sandbox.md'), 'utf8');
const blocks = readShellBlocks(page);
const run = promisify(execFile);
// Nothing a reader types ends in this sign, so it parts what one block prints from the next.
const SEPARATOR = '\u001e';
// `sh` is dash or ash on many machines, which know less than bash.
const shells = ['bash', 'sh'] as const;
type Shell = (typeof shells)[number];
const prologueOf = (shell: Shell) =>
  `set -eu${shell === 'bash' ? ' -o pipefail' : ''}; export NO_PROXY=127.0.0.1; PATH="${dirname(process.execPath)}:$PATH"; cd "${root}"\n`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/** The page's ports may be taken on this machine; what is printed has the page's again. */
async function withFreePorts(ports: readonly string[]) {
  const pairs = await Promise.all(ports.map(async (port) => [port, String(await freePort())] as const));
  return {
    toFree: (text: string) => pairs.reduce((done, [own, free]) => done.replaceAll(own, free), text),
    toOwn: (text: string) =>
      pairs.reduce((done, [own, free]) => done.replaceAll(`:${free}`, `:${own}`), text),
  };
}

function compare(block: ShellBlock, printed: string): void {
  const place = `docs/sandbox.md, line ${block.line}`;
  const { expected = { language: 'text' as const, text: '' } } = block;
  const wanted = settle(expected);
  const shownItems = Array.isArray(wanted) ? wanted.length : undefined;
  expect(settle({ ...expected, text: printed }, shownItems), place).toEqual(wanted);
}

beforeAll(async () => {
  await run('curl', ['--version']).catch((error) => {
    throw new Error('The commands of docs/sandbox.md need curl, which is not installed on this machine.', {
      cause: error,
    });
  });
});

it.each(shells)(
  'prints what docs/sandbox.md says, command by command: %s',
  { timeout: 60_000 },
  async (shell) => {
    const prologue = prologueOf(shell);
    const { toFree, toOwn } = await withFreePorts(['8080']);
    const [start, ...others] = blocks.filter(({ name }) => name !== 'ci');
    if (start?.name !== 'start') throw new Error('The first block of the page starts the sandbox.');
    expect(others.length).toBeGreaterThan(15);

    const sandbox = spawn(shell, ['-c', `${prologue}exec env ${toFree(start.script)}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(sandbox, 'exit');
    try {
      await Promise.race([
        once(sandbox.stdout, 'data'),
        ended.then(() => Promise.reject(new Error('no sandbox'))),
      ]);
      sandbox.stdout.resume();
      const script = others.map(({ script: text }) => `${text}\nprintf '${SEPARATOR}'\n`).join('');
      const { stdout } = await run(shell, ['-c', prologue + toFree(script)]).catch((error) => {
        const at = others[String(error.stdout).split(SEPARATOR).length - 1]?.line;
        throw new Error(`docs/sandbox.md, line ${at}: the commands failed.\n${error.stderr}`, {
          cause: error,
        });
      });
      const printed = toOwn(stdout).split(SEPARATOR);
      for (const [at, block] of others.entries()) compare(block, printed[at] ?? '');
    } finally {
      sandbox.kill();
      await ended;
    }
  },
);

describe('the script for a plain shell', () => {
  const [block, ...rest] = blocks.filter(({ name }) => name === 'ci');
  if (!block || rest.length > 0) throw new Error('The page has one script for a plain shell.');

  it.each(shells)('runs and leaves nothing behind: %s', { timeout: 60_000 }, async (shell) => {
    const { toFree } = await withFreePorts(['8081']);
    await using folder = await temporaryFolder();
    const script = folder.holdLog(toFree(block.script));
    const { stdout } = await run(shell, ['-c', prologueOf(shell) + script]);
    compare(block, stdout);
    const [, port] = /--port (\d+)/.exec(script) ?? [];
    await expect(fetch(`http://127.0.0.1:${port}/_sandbox/stats`)).rejects.toThrow('fetch failed');
  });

  it.each(shells)(
    'does not take what else is on the port for its own: %s',
    { timeout: 60_000 },
    async (shell) => {
      await using taken = await listenForAnything();
      await using folder = await temporaryFolder();
      const script = folder.holdLog(block.script.replaceAll('8081', String(taken.port)));
      const failed = await run(shell, ['-c', prologueOf(shell) + script]).catch((error) => error);
      expect(failed).toMatchObject({
        code: 1,
        stdout: `--port: ${taken.port} is in use by another process\n`,
      });
    },
  );
});

it('has a test that passes, and that fails when the sandbox does otherwise', {
  timeout: 60_000,
}, async () => {
  const [, example = ''] = /^```js\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const source = new URL('../../src/sandbox/server.ts', import.meta.url).href;
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'example.test.mjs');
  const runExample = async (text: string) => {
    await writeFile(file, text.replace("'management-graphql/sandbox'", `'${source}'`));
    return run(process.execPath, ['--test', '--test-reporter=tap', file]);
  };
  expect((await runExample(example)).stdout).toContain('\n# pass 1\n');
  await expect(runExample(example.replace('times: 1', 'times: 2'))).rejects.toThrow();
});

describe('the job for GitHub Actions', () => {
  const [, lines = ''] = /- run: \|\n((?: {10}.*\n)+)/.exec(page) ?? [];
  const step = lines.replaceAll(/^ {10}/gm, '');
  // As there: a variable names the file for what later steps shall have, and the sandbox outlives its step.
  const runStep = (script: string, folder: Folder) =>
    run('bash', [
      '-c',
      `${prologueOf('bash')}export GITHUB_ENV="${join(folder.path, 'environment')}"
trap 'kill $! 2>/dev/null || true' EXIT
${folder.holdLog(script)}`,
    ]);

  it('hands address and keys to the steps that follow', { timeout: 60_000 }, async () => {
    const { toFree } = await withFreePorts(['8081']);
    await using folder = await temporaryFolder();
    const script = toFree(step);
    await runStep(script, folder);
    const [, port] = /--port (\d+)/.exec(script) ?? [];
    const lines = (await readFile(join(folder.path, 'environment'), 'utf8')).split('\n');
    expect(lines).toContain(`MANAGEMENT_API_URL=http://127.0.0.1:${port}`);
    expect(lines).toContain('VIPPS_CLIENT_ID=c1bc1986-0a1d-4ac2-83d1-ea8a664e0317');
    expect(lines).toContain('VIPPS_CLIENT_SECRET=2v3ryY7rOR5TfjwOPIhypw==');
  });

  it('fails with the log when the port is taken', { timeout: 60_000 }, async () => {
    await using taken = await listenForAnything();
    await using folder = await temporaryFolder();
    const failed = await runStep(step.replaceAll('8081', String(taken.port)), folder).catch((error) => error);
    expect(failed).toMatchObject({ code: 1, stdout: `--port: ${taken.port} is in use by another process\n` });
  });
});

it('has every policy with its choices and default', () => {
  const rows = policyNames.map((name) => {
    const { choices, default: initial, description } = policyDefinition(name);
    const range = 'minimum' in choices ? `${choices.minimum} to ${choices.maximum}` : choices.join(', ');
    return `| \`${name}\` | ${range} | ${initial} | ${description} |`;
  });
  const table = ['| Policy | Choices | Default | What it decides |', '|---|---|---|---|', ...rows].join('\n');
  const [, written] = page.split(/<!-- (?:end of )?policies -->/);
  expect(written?.trim()).toBe(table);
});

type Folder = Awaited<ReturnType<typeof temporaryFolder>>;

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'sandbox-ci-'));
  return {
    path,
    /** The log goes here and not into the checkout. */
    holdLog: (script: string) => script.replaceAll('sandbox.log', join(path, 'sandbox.log')),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

/** A server that is no sandbox and answers 200 to whatever it is asked. */
async function listenForAnything() {
  const server = createHttpServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}
