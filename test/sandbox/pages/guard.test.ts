import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuard } from '../../../src/sandbox/http/guard.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { send } from '../client.ts';
import { statusUnder, submit, visit } from '../page-client.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0 });
});
afterAll(() => sandbox.close());

const CLOCK = '/_sandbox/ui/clock';

describe('a post', () => {
  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ Origin: 'https://evil.example' }],
    [{ Origin: 'null' }],
    [{ Origin: 'http://127.0.0.1:1' }],
  ])('of another site changes nothing: %j', async (headers) => {
    const before = sandbox.clock.now();
    const sent = headers as unknown as Record<string, string>;
    expect((await submit(sandbox, CLOCK, { days: '1' }, sent)).status).toBe(403);
    expect((await submit(sandbox, '/portal/register/prefilled/x', {}, sent)).status).toBe(403);
    const control = await send(sandbox, 'POST', '/_sandbox/clock', {
      headers: sent,
      body: '{"advanceMs":86400000}',
    });
    expect(control).toMatchObject({ status: 403, json: { message: expect.stringContaining('site') } });
    expect((await send(sandbox, 'DELETE', '/_sandbox/faults', { headers: sent })).status).toBe(403);
    expect(sandbox.clock.now() - before).toBeLessThan(60_000);
  });

  it('of our own page, of a person or of a program passes', async () => {
    for (const headers of [
      { 'Sec-Fetch-Site': 'same-origin' },
      { 'Sec-Fetch-Site': 'none' },
      { Origin: sandbox.url },
      {},
    ]) {
      expect((await submit(sandbox, CLOCK, { days: '1' }, headers as Record<string, string>)).status).toBe(
        303,
      );
      const sent = headers as Record<string, string>;
      expect((await send(sandbox, 'DELETE', '/_sandbox/faults', { headers: sent })).status).toBe(204);
    }
  });

  it('that is too large is refused', async () => {
    expect((await submit(sandbox, CLOCK, { days: '1'.repeat(12 * 1024 * 1024) })).status).toBe(413);
  });
});

it('lets other sites link to a page', async () => {
  expect((await visit(sandbox, '/_sandbox', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(200);
});

describe('a foreign host name', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.notlocalhost',
  ])('that leads here gets neither a page nor a control route: %s', async (host) => {
    for (const path of ['/', '/_sandbox', '/portal/register/prefilled/x', '/_sandbox/stats']) {
      expect([path, await statusUnder(sandbox, host, path)]).toEqual([path, 421]);
    }
    expect(await statusUnder(sandbox, host, '/_sandbox/reset', 'POST')).toBe(421);
  });

  it.each([
    'localhost:80',
    '127.0.0.1',
    '[::1]:4010',
    '10.1.2.3:80',
    'sandbox:4010',
    'host.docker.internal',
    'a.localhost',
  ])('is not one that only this machine or its network can give out: %s', async (host) => {
    expect(await statusUnder(sandbox, host, '/_sandbox')).toBe(200);
    expect(await statusUnder(sandbox, host, '/_sandbox/stats')).toBe(200);
  });

  it('is welcome when the sandbox was bound to it', () => {
    const headers = { host: 'sandbox.partner.example:4010' };
    expect(createGuard('Sandbox.partner.example')('GET', headers)).toBeUndefined();
    expect(createGuard('127.0.0.1')('GET', headers)).toMatchObject({ status: 421 });
  });
});
