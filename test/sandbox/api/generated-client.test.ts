import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateSource } from 'oazapfts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const run = promisify(execFile);
const tsconfig = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  },
  files: ['onboarding.ts'],
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generated-client-'));
  const source = await generateSource(fileOf('../../../contract/management-api.openapi.yaml'));
  await Promise.all([
    writeFile(join(folder, 'management-api.ts'), source),
    writeFile(join(folder, 'package.json'), '{"type":"module"}'),
    writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig)),
    cp(fileOf('./generated-client/onboarding.ts'), join(folder, 'onboarding.ts')),
    symlink(fileOf('../../../node_modules'), join(folder, 'node_modules')),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('is a correct use of a client that oazapfts makes of the contract', async () => {
  const tsc = fileOf('../../../node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch((error) => error);
  expect(stdout).toBe('');
});

it('onboards a merchant through that client, and neither side breaks the contract', async () => {
  const check = await createContractCheck();
  const exchanges: Exchange[] = [];
  await using sandbox = await startSandbox({
    latencyMs: 0,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  const { partner, management } = sandbox.callers;
  const order = JSON.stringify({ url: sandbox.url, partner, management });
  const { stdout } = await run(process.execPath, [join(folder, 'onboarding.ts'), order]);

  const reason = 'must contain only letters, digits, spaces and the published punctuation.';
  const unit = { msn: expect.stringMatching(/^\d{4,10}$/), name: 'Generated Shop' };
  expect(JSON.parse(stdout)).toEqual({
    isSameOrder: true,
    conflict: 'Conflict',
    refused: [{ name: 'salesUnitName', reason }],
    statuses: ['RECEIVED', 'COMPLETED'],
    listed: [unit],
    unit,
    merchant: { status: 'ACTIVE', units: 1 },
    deleted: [200, 404],
    orderIsListed: true,
    lifetime: 900,
    seesTheSame: true,
  });
  // One request is wrong on purpose.
  expect(exchanges.length).toBeGreaterThan(15);
  expect(exchanges.filter(({ status }) => status !== 400).flatMap(check)).toEqual([]);
});
