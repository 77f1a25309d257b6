import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runCli, startCli } from './cli-process.ts';
import { pointedAt } from './serving.ts';

const TOKEN = 'POST /accesstoken/get';
const UNITS = 'GET /management/v1/sales-units';

const startSmall = () => startSandbox({ units: 12, latencyMs: 1 });

it('tells counts, kind of keys, clock and latency when all is well', async () => {
  await using sandbox = await startSmall();
  const { code, stdout, stderr } = await runCli(['doctor'], pointedAt(sandbox));
  const { orders } = sandbox.data;
  const expired = orders.filter(({ status }) => status === 'EXPIRED').length;
  expect(stdout.split('\n')).toEqual([
    'configuration   ok',
    `upstream        ${sandbox.url}`,
    expect.stringMatching(/^token {11}issued \(\d+ ms\)$/),
    expect.stringMatching(/^sales units {5}12 \(\d+ ms\)$/),
    expect.stringMatching(
      new RegExp(`^product orders {2}${orders.length}; ${expired} of them expired \\(\\d+ ms\\)$`),
    ),
    expect.stringMatching(/^price packages {2}\d+; these are keys of a partner \(\d+ ms\)$/),
    'clock           in step with the upstream',
    '',
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  for (const secret of Object.values(sandbox.keys)) expect(stdout).not.toContain(secret);
});

it('says how long the first fill of the directory takes', async () => {
  await using sandbox = await startSandbox({ units: 12, latencyMs: 1 });
  const { stdout } = await runCli(['doctor'], { ...pointedAt(sandbox), DIRECTORY: 'on' });
  expect(stdout).toMatch(/^directory {7}the first fill takes 2 to 3 s at 10 calls per second$/m);
});

it('checks the embedded sandbox when nothing is configured', async () => {
  const { code, stdout } = await runCli(['doctor'], { SANDBOX_UNITS: '7' });
  expect(stdout).toMatch(/^sales units {5}7 /m);
  expect(code).toBe(0);
});

it('tells the keys of a merchant, which have no price packages, from those of a partner', async () => {
  await using sandbox = await startSmall();
  const keys = sandbox.callers.merchant;
  const { code, stdout } = await runCli(['doctor'], pointedAt({ url: sandbox.url, keys }));
  expect(stdout).toMatch(/^price packages .* keys of a merchant/m);
  expect(stdout).not.toContain('FAILED');
  expect(code).toBe(0);
});

it('exits with 1 when something failed, and goes on to the other checks', async () => {
  await using sandbox = await startSmall();
  sandbox.fault({ route: UNITS, status: 503 });
  const { code, stdout } = await runCli(['doctor'], pointedAt(sandbox));
  expect(stdout).toMatch(/^sales units {5}FAILED {2}.*503\n {16}→ .*try again later/m);
  expect(stdout).toMatch(/^price packages .* keys of a partner/m);
  expect(code).toBe(1);
});

it('shows on stderr that it waits for a slow upstream', async () => {
  await using sandbox = await startSmall();
  sandbox.fault({ route: UNITS, delayMs: 1_300 });
  const { code, stdout, stderr } = await runCli(['doctor'], pointedAt(sandbox));
  expect(stderr).toMatch(/^… sales units: waiting for 1 s$/m);
  expect(stdout).not.toContain('waiting');
  expect(code).toBe(0);
});

it.each(['SIGINT', 'SIGTERM'] as const)('ends at once on %s while it waits', async (signal) => {
  await using sandbox = await startSmall();
  sandbox.fault({ route: TOKEN, hang: true });
  await using doctor = startCli(['doctor'], pointedAt(sandbox));
  await doctor.until(({ stderr }) => /waiting for 1 s/.exec(stderr) ?? undefined);
  const sentAt = performance.now();
  doctor.send(signal);
  await doctor.exited;
  expect(performance.now() - sentAt).toBeLessThan(1_000);
});
