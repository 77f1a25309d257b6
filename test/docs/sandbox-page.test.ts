import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { policyDefinition, policyNames } from '../../src/sandbox/policy.ts';
import { readShellBlocks, type ShellBlock, settle } from './page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/sandbox.md'), 'utf8');
const blocks = readShellBlocks(page);
const run = promisify(execFile);
// Nothing a reader types ends in this sign, so it parts what one block prints from the next.
const SEPARATOR = '\u001e';
const PROLOGUE = `set -eu -o pipefail; export NO_PROXY=127.0.0.1; PATH="${dirname(process.execPath)}:$PATH"; cd "${root}"\n`;

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

it('prints what docs/sandbox.md says, command by command', { timeout: 60_000 }, async () => {
  const { toFree, toOwn } = await withFreePorts(['8080']);
  const [start, ...others] = blocks.filter(({ name }) => name !== 'ci');
  if (start?.name !== 'start') throw new Error('The first block of the page starts the sandbox.');
  expect(others.length).toBeGreaterThan(15);

  const sandbox = spawn('bash', ['-c', `${PROLOGUE}exec env ${toFree(start.script)}`], {
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
    const { stdout } = await run('bash', ['-c', PROLOGUE + toFree(script)]).catch((error) => {
      const at = others[String(error.stdout).split(SEPARATOR).length - 1]?.line;
      throw new Error(`docs/sandbox.md, line ${at}: the commands failed.\n${error.stderr}`, { cause: error });
    });
    const printed = toOwn(stdout).split(SEPARATOR);
    for (const [at, block] of others.entries()) compare(block, printed[at] ?? '');
  } finally {
    sandbox.kill();
    await ended;
  }
});

it('runs the script for a plain shell, which leaves nothing behind', { timeout: 60_000 }, async () => {
  const [block, ...rest] = blocks.filter(({ name }) => name === 'ci');
  if (!block || rest.length > 0) throw new Error('The page has one script for a plain shell.');
  const { toFree } = await withFreePorts(['8081']);
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-ci-'));
  try {
    // The log goes to a folder of its own, not into the checkout.
    const script = toFree(block.script).replaceAll('sandbox.log', join(folder, 'sandbox.log'));
    const { stdout } = await run('bash', ['-c', PROLOGUE + script]);
    compare(block, stdout);
    const url = /MANAGEMENT_API_URL=(\S+)/.exec(script)?.[1] ?? '';
    await expect(fetch(`${url}/_sandbox/stats`)).rejects.toThrow();
  } finally {
    await rm(folder, { recursive: true });
  }
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
