import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { startLimited } from './cli-process.ts';
import { pointedAt, type Serving, startServing } from './serving.ts';

const root = mkdtempSync(join(tmpdir(), 'outcomes-trouble-'));
afterAll(() => rmSync(root, { recursive: true }));
let files = 0;
const POST = 'POST /management/v1/product-orders';
const PREFILL = `mutation { prefillProductOrder(input: { productType: LOGIN,
  businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" } }) { prefillUrl } }`;

async function whileServing(
  use: (serving: Serving, file: string, sandbox: Sandbox) => Promise<void>,
  start?: Parameters<typeof startServing>[1],
): Promise<void> {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 0 });
  const file = join(root, `${files++}.sqlite`);
  await using serving = await startServing({ ...pointedAt(sandbox), OUTCOMES_FILE: file }, start);
  await serving.readiness(200);
  await use(serving, file, sandbox);
  // Whatever happened, reads go on and the process ends in order.
  const { data } = await serving.query('{ salesUnits(first: 1) { nodes { msn } } }');
  expect(data).toMatchObject({ salesUnits: { nodes: [{}] } });
  serving.cli.send('SIGTERM');
  expect(await serving.cli.exited).toEqual({ code: 0, signal: null });
}

const codeOf = async (serving: Serving) => (await serving.query(PREFILL)).errors?.[0]?.extensions.code;

it.each<[string, (path: string) => unknown]>([
  ['is deleted', (path) => rmSync(path)],
  ['loses its log', (path) => rmSync(`${path}-wal`)],
  ['is held by another process', hold],
])('refuses orders before anything is sent when the store %s', async (_what, happen) => {
  await whileServing(async (serving, file, sandbox) => {
    expect(await codeOf(serving)).toBeUndefined();
    const sent = sandbox.stats().calls[POST];
    const held = happen(file);
    expect(await codeOf(serving)).toBe('OVERLOADED');
    expect(sandbox.stats().calls[POST]).toBe(sent);
    expect(serving.cli.stdout + serving.cli.stderr).not.toContain(root);
    if (held instanceof DatabaseSync) held.close();
  });
});

function hold(path: string): DatabaseSync {
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  return other;
}

it('makes orders on after the shared memory was cut off', () =>
  whileServing(async (serving, file) => {
    expect(await codeOf(serving)).toBeUndefined();
    truncateSync(`${file}-shm`, 0);
    expect(await codeOf(serving)).toBeUndefined();
  }));

it('refuses orders, and lives on, when its files can grow no more', () =>
  whileServing(
    async (serving, _file, sandbox) => {
      const codes = [];
      for (let order = 0; order < 60; order++) codes.push(await codeOf(serving));
      const refused = codes.filter((code) => code === 'OVERLOADED').length;
      expect(refused).toBeGreaterThan(20);
      expect(new Set(codes)).toEqual(new Set([undefined, 'OVERLOADED']));
      // Not one more was sent than was claimed.
      expect(sandbox.stats().calls[POST]).toBe(codes.length - refused);
    },
    (env) => startLimited(200, env),
  ));
