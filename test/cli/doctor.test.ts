import { expect, it } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { runCli, startCli } from './cli-process.ts';
import { pointedAt } from './serving.ts';

const TOKEN = 'POST /accesstoken/get';
const UNITS = 'GET /management/v1/sales-units';

const startSmall = (options?: SandboxOptions) => startSandbox({ units: 12, latencyMs: 1, ...options });

/** The line of a check, and the one below it that says what to do. */
function linesOf(stdout: string, title: string): string {
  const lines = stdout.split('\n');
  const at = lines.findIndex((line) => line.startsWith(title));
  return `${lines[at]}\n${lines[at + 1]}`;
}

it('tells counts, kind of keys, clock and latency when all is well', async () => {
  await using sandbox = await startSmall();
  const { code, stdout, stderr } = await runCli(['doctor'], pointedAt(sandbox));
  expect(stdout.split('\n')).toEqual([
    'configuration   ok',
    `upstream        ${sandbox.url}`,
    expect.stringMatching(/^token {11}issued \(\d+ ms\)$/),
    expect.stringMatching(/^sales units {5}12 \(\d+ ms\)$/),
    expect.stringMatching(new RegExp(`^product orders {2}${sandbox.data.orders.length} \\(\\d+ ms\\)$`)),
    expect.stringMatching(/^price packages {2}\d+; these are keys of a partner \(\d+ ms\)$/),
    'clock           in step with the upstream',
    '',
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  for (const secret of Object.values(sandbox.keys)) expect(stdout).not.toContain(secret);
});

it('checks the embedded sandbox when nothing is configured', async () => {
  const { code, stdout } = await runCli(['doctor'], { SANDBOX_UNITS: '7' });
  expect(stdout).toMatch(/^sales units {5}7 /m);
  expect(code).toBe(0);
});

it('takes management keys', async () => {
  await using sandbox = await startSmall();
  const { clientId, clientSecret } = sandbox.callers.management;
  const { code, stdout } = await runCli(['doctor'], {
    ...pointedAt(sandbox),
    VIPPS_CLIENT_ID: clientId,
    VIPPS_CLIENT_SECRET: clientSecret,
    VIPPS_SUBSCRIPTION_KEY: '',
    VIPPS_TOKEN_FLOW: 'miami',
  });
  expect(stdout).toMatch(/^sales units {5}12 /m);
  expect(code).toBe(0);
});

it('tells the keys of a merchant, which have no price packages, from those of a partner', async () => {
  await using sandbox = await startSmall();
  const keys = sandbox.callers.merchant;
  const { code, stdout } = await runCli(['doctor'], pointedAt({ url: sandbox.url, keys }));
  expect(linesOf(stdout, 'price packages')).toContain('keys of a merchant');
  expect(stdout).not.toContain('FAILED');
  expect(code).toBe(0);
});

it.each<[string, string, (sandbox: Sandbox) => Record<string, string> | undefined, RegExp]>([
  ['a wrong secret', 'token', () => ({ VIPPS_CLIENT_SECRET: 'wrong' }), /VIPPS_CLIENT_SECRET/],
  [
    'a wrong subscription key',
    'token',
    () => ({ VIPPS_SUBSCRIPTION_KEY: 'wrong' }),
    /VIPPS_SUBSCRIPTION_KEY/,
  ],
  [
    'the other token flow',
    'token',
    () => ({ VIPPS_TOKEN_FLOW: 'miami', VIPPS_SUBSCRIPTION_KEY: '' }),
    /VIPPS_TOKEN_FLOW/,
  ],
  ['no listener', 'token', () => ({ MANAGEMENT_API_URL: 'http://127.0.0.1:1' }), /MANAGEMENT_API_URL/],
  ['a web page instead of a token', 'token', (sandbox) => answerPage(sandbox, TOKEN), /MANAGEMENT_API_URL/],
  [
    'a web page instead of a list',
    'sales units',
    (sandbox) => answerPage(sandbox, UNITS),
    /MANAGEMENT_API_URL/,
  ],
  [
    'no token route',
    'token',
    (sandbox) => fault(sandbox, { route: TOKEN, status: 404 }),
    /MANAGEMENT_API_URL/,
  ],
  ['maintenance', 'token', (sandbox) => fault(sandbox, { route: TOKEN, status: 503 }), /try again later/],
  [
    'a rate limit',
    'sales units',
    (sandbox) => fault(sandbox, { route: UNITS, status: 429 }),
    /again (later|in)/,
  ],
  [
    'a refused list',
    'sales units',
    (sandbox) => fault(sandbox, { route: UNITS, status: 403 }),
    /VIPPS_MERCHANT_SERIAL_NUMBER/,
  ],
  [
    'a refused request',
    'sales units',
    (sandbox) => fault(sandbox, { route: UNITS, status: 400 }),
    /VIPPS_SYSTEM|report/,
  ],
  [
    'silence',
    'token',
    (sandbox) => ({ ...fault(sandbox, { route: TOKEN, hang: true }), UPSTREAM_TIMEOUT_MS: '200' }),
    /UPSTREAM_TIMEOUT_MS/,
  ],
  [
    'a cut connection',
    'sales units',
    (sandbox) => fault(sandbox, { route: UNITS, reset: 'midBody' }),
    /proxy and firewall/,
  ],
])('says what to do about %s and exits with 1', async (_title, check, spoil, nextStep) => {
  await using sandbox = await startSmall();
  const { code, stdout } = await runCli(['doctor'], { ...pointedAt(sandbox), ...spoil(sandbox) });
  expect(linesOf(stdout, check)).toMatch(/FAILED[^]*\n +→ /);
  expect(linesOf(stdout, check).split('→')[1]).toMatch(nextStep);
  expect(code).toBe(1);
});

it('shows on stderr that it waits for a slow upstream', async () => {
  await using sandbox = await startSmall();
  sandbox.fault({ route: UNITS, delayMs: 1_300 });
  const { code, stderr } = await runCli(['doctor'], pointedAt(sandbox));
  expect(stderr).toMatch(/^ {2}… sales units: waiting for 1 s\n$/);
  expect(code).toBe(0);
});

it('tells how far the clock is off', async () => {
  await using sandbox = await startSmall();
  const date = new Date(Date.now() + 90_000).toUTCString();
  sandbox.fault({ route: 'GET /management/v1/product-orders', headers: { date } });
  sandbox.fault({ route: 'GET /management/v1/price-packages', headers: { date } });
  const { stdout } = await runCli(['doctor'], pointedAt(sandbox));
  expect(stdout).toMatch(/^clock {11}(89|90|91) s behind the upstream: .*NTP/m);
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

function fault(sandbox: Sandbox, what: Parameters<Sandbox['fault']>[0]): Record<string, string> {
  sandbox.fault(what);
  return {};
}

const answerPage = (sandbox: Sandbox, route: string) =>
  fault(sandbox, { route, status: 200, contentType: 'text/html', body: '<html>A proxy</html>' });
