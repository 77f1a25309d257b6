import { expect, it } from 'vitest';
import { doctor } from '../../src/cli/doctor.ts';
import { readPackageInfo } from '../../src/config/package-info.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { Fault } from '../../src/sandbox/faults/fault.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt } from './serving.ts';

const TOKEN = 'POST /accesstoken/get';
const UNITS = 'GET /management/v1/sales-units';
const PAGE = { status: 200, contentType: 'text/html', body: '<html>A proxy</html>' };

interface Case {
  readonly what: string;
  readonly check: 'token' | 'sales units';
  /** Variables in place of those that point at the sandbox. */
  readonly env?: Record<string, string>;
  readonly fault?: Fault;
  readonly says: RegExp;
}

const cases: Case[] = [
  {
    what: 'a wrong secret',
    check: 'token',
    env: { VIPPS_CLIENT_SECRET: 'wrong' },
    says: /VIPPS_CLIENT_SECRET/,
  },
  {
    what: 'a wrong subscription key',
    check: 'token',
    env: { VIPPS_SUBSCRIPTION_KEY: 'wrong' },
    says: /^Check VIPPS_SUBSCRIPTION_KEY/,
  },
  {
    what: 'the other token flow',
    check: 'token',
    env: { VIPPS_TOKEN_FLOW: 'miami', VIPPS_SUBSCRIPTION_KEY: '' },
    says: /VIPPS_TOKEN_FLOW/,
  },
  {
    what: 'no listener',
    check: 'token',
    env: { MANAGEMENT_API_URL: 'http://127.0.0.1:1' },
    says: /MANAGEMENT_API_URL/,
  },
  {
    what: 'a web page instead of a token',
    check: 'token',
    fault: { route: TOKEN, ...PAGE },
    says: /MANAGEMENT_API_URL/,
  },
  {
    what: 'a web page instead of a list',
    check: 'sales units',
    fault: { route: UNITS, ...PAGE },
    says: /MANAGEMENT_API_URL/,
  },
  {
    what: 'no token route',
    check: 'token',
    fault: { route: TOKEN, status: 404 },
    says: /MANAGEMENT_API_URL/,
  },
  { what: 'maintenance', check: 'token', fault: { route: TOKEN, status: 503 }, says: /try again later/ },
  { what: 'a rate limit', check: 'sales units', fault: { route: UNITS, status: 429 }, says: /again/ },
  {
    what: 'a list that the keys may not read',
    check: 'sales units',
    fault: { route: UNITS, status: 403 },
    says: /VIPPS_MERCHANT_SERIAL_NUMBER/,
  },
  {
    what: 'silence',
    check: 'token',
    fault: { route: TOKEN, hang: true },
    env: { UPSTREAM_TIMEOUT_MS: '100' },
    says: /UPSTREAM_TIMEOUT_MS/,
  },
  {
    what: 'a cut connection',
    check: 'sales units',
    fault: { route: UNITS, reset: 'midBody' },
    says: /proxy and firewall/,
  },
];

it.each(cases)('says what to do about $what', async ({ check, env, fault, says }) => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  if (fault) sandbox.fault(fault);
  const { sound, lines } = await examine(sandbox, env);
  const at = lines.findIndex((line) => line.startsWith(check));
  expect(lines[at]).toContain('FAILED');
  expect(lines[at + 1]?.split('→ ')[1]).toMatch(says);
  expect(sound).toBe(false);
  for (const secret of Object.values(sandbox.keys)) expect(lines.join('\n')).not.toContain(secret);
});

it('takes management keys', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  const { clientId, clientSecret } = sandbox.callers.management;
  const { sound, lines } = await examine(sandbox, {
    VIPPS_CLIENT_ID: clientId,
    VIPPS_CLIENT_SECRET: clientSecret,
    VIPPS_SUBSCRIPTION_KEY: '',
    VIPPS_TOKEN_FLOW: 'miami',
  });
  expect(lines.join('\n')).toMatch(/^sales units {5}5 /m);
  expect(sound).toBe(true);
});

it('tells rows that cannot be read from the others', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  sandbox.fault({ route: UNITS, patch: [{ path: ['0', 'msn'], remove: true }] });
  const { lines } = await examine(sandbox);
  expect(lines.join('\n')).toMatch(/^sales units {5}5, of which 1 cannot be read /m);
});

it('tells how far the clock is off', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  const date = new Date(Date.now() + 90_000).toUTCString();
  sandbox.fault({ route: 'GET /management/v1/partners/price-packages', headers: { date } });
  const { lines } = await examine(sandbox);
  expect(lines.at(-1)).toMatch(/^clock {11}(89|90|91) s behind the upstream: .*NTP$/);
});

async function examine(sandbox: Sandbox, env: Record<string, string> = {}) {
  const config = readConfig({ ...pointedAt(sandbox), ...env }, readPackageInfo(), { now: () => 0 });
  const lines: string[] = [];
  const sound = await doctor(config, { print: (text) => lines.push(text), say: () => {} });
  return { sound, lines };
}
