import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send } from '../client.ts';
import { submit, visit } from '../page-client.ts';

describe('bodies of control requests', () => {
  it('are refused when they are too large, where they may be left out as well', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const large = 'x'.repeat(13 * 1024 * 1024);
    for (const route of ['state/reset', 'clock', 'tokens/revoke', 'keys/restore', 'faults']) {
      const { status } = await control(sandbox, 'POST', route, large);
      expect([route, status]).toEqual([route, 413]);
    }
  });

  it('are refused when they are nested too deeply', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const nested = (levels: number) => `{"status":200,"body":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    for (const levels of [500, 5_000, 100_000]) {
      const { status, json } = await send(sandbox, 'POST', '/_sandbox/faults', { body: nested(levels) });
      expect([status, json.message]).toEqual([400, expect.stringContaining('at most 500 levels deep')]);
    }
    expect((await send(sandbox, 'POST', '/_sandbox/faults', { body: nested(499) })).status).toBe(201);
    expect((await send(sandbox, 'GET', '/_sandbox/faults')).json).toHaveLength(1);
  });

  it('may be sent as curl does', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const body = '{"advanceMs":1}';
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await send(sandbox, 'POST', '/_sandbox/clock', { headers, body })).status).toBe(200);
  });

  it('cannot move the clock beyond the year 9000, since answers hold times after now', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const end = Date.UTC(9001, 0) - sandbox.clock.now();
    const advance = (advanceMs: number) => control(sandbox, 'POST', 'clock', { advanceMs });
    const message = 'The clock cannot be moved beyond the year 9000.';
    expect(await advance(1e300)).toMatchObject({ status: 400, json: { message } });
    expect((await advance(end - 60_000)).json.now).toMatch(/^9000-12-31T/);
    // In steps as well, and with the button of the pages.
    expect((await advance(60_000)).status).toBe(400);
    const { location } = await submit(sandbox, '/_sandbox/ui/clock', { days: '14', back: '/_sandbox' });
    const { status, body } = await visit(sandbox, location ?? '');
    expect([status, body]).toEqual([200, expect.stringContaining(message)]);
  });
});
