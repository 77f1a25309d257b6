import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { send, signIn } from '../client.ts';
import { order } from '../ordering.ts';
import { rowsOf, statusUnder, visit } from '../page-client.ts';

const UNITS = '/management/v1/sales-units';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0 });
});
afterAll(() => sandbox.close());

const rows = async () =>
  rowsOf((await visit(sandbox, '/_sandbox/ui/calls')).body).map((row) => ({
    row,
    at: Date.parse(`${row.slice(0, 19).replace(' ', 'T')}Z`),
    cell: (name: string) => new RegExp(`data-name="${name}">(.*?)</td>`).exec(row)?.[1],
  }));

it('shows who called, when, how long it took, with which key, and what went wrong', async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const headers = await signIn(sandbox);
  // What the sandbox's clock says has no say in when a call came.
  sandbox.clock.advance(3_600_000);
  await order(sandbox, headers, undefined, 'my "key"');
  const id = sandbox.fault({ status: 503, delayMs: 50 });
  await send(sandbox, 'GET', UNITS, { headers });
  sandbox.clearFaults();
  await send(sandbox, 'GET', UNITS, {});

  const [stranger, broken, ordered, token] = await rows();
  expect(token?.row).toContain('<code>POST /accesstoken/get</code>');
  expect([token, ordered, broken, stranger].map((row) => row?.cell('Caller'))).toEqual([
    'partner',
    'partner',
    'partner',
    'unknown',
  ]);
  expect(ordered?.cell('Idempotency key')).toBe('<span class="key">my &#34;key&#34;</span>');
  expect(ordered?.cell('Fault')).toBe('');
  expect(broken?.row).toContain(`<code>GET ${UNITS}</code>`);
  expect([broken?.cell('Status'), broken?.cell('Fault'), broken?.cell('Idempotency key')]).toEqual([
    '503',
    id,
    '',
  ]);
  expect(broken?.cell('Duration')).toMatch(/^\d+\.\d ms$/);
  expect(Number.parseFloat(broken?.cell('Duration') ?? '')).toBeGreaterThanOrEqual(50);
  for (const { at } of await rows()) {
    expect(at).toBeGreaterThanOrEqual(before - 1000);
    expect(at).toBeLessThanOrEqual(Date.now());
  }
});

it('tells a call that waits from one that got no answer', async () => {
  const headers = await signIn(sandbox);
  sandbox.fault({ hang: true, times: 1 });
  const leave = new AbortController();
  const left = fetch(`${sandbox.url}${UNITS}`, { headers, signal: leave.signal }).catch(() => undefined);
  await expect
    .poll(async () => (await rows())[0]?.row)
    .toMatch(/data-name="Status">none yet<.*data-name="Duration">in progress</);
  leave.abort();
  await left;
  await expect
    .poll(async () => (await rows())[0]?.row)
    .toMatch(/data-name="Status">no answer<.*data-name="Duration">\d+\.\d ms</);
});

it('escapes a hostile path', async () => {
  await statusUnder(sandbox, '127.0.0.1', `/x?q='"><b>`);
  expect((await visit(sandbox, '/_sandbox/ui/calls')).body).toContain('/x?q=&#39;&#34;&#62;&#60;b&#62;');
});
