import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send, signIn } from '../client.ts';

const LIST = '/management/v1/sales-units';

describe('the control routes', () => {
  it('move the clock, which ends the life of a token', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = await signIn(sandbox);
    const { status, json } = await control(sandbox, 'POST', 'clock', { advanceMs: 86_400_000 });
    expect(status).toBe(200);
    expect(Date.parse(json.now)).toBeGreaterThan(Date.now() + 86_000_000);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
  });

  it('revoke all tokens, after which new ones are issued', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = await signIn(sandbox);
    expect((await control(sandbox, 'POST', 'tokens/revoke')).status).toBe(204);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
    expect((await send(sandbox, 'GET', LIST, { headers: await signIn(sandbox) })).status).toBe(200);
  });

  it('add faults and clear them', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = await signIn(sandbox);
    const added = await control(sandbox, 'POST', 'faults', { route: `GET ${LIST}`, status: 503 });
    expect(added).toMatchObject({ status: 201, json: { id: expect.any(String) } });
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(503);
    expect((await control(sandbox, 'DELETE', 'faults')).status).toBe(204);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(200);
  });

  it.each([
    ['clock', { advanceMs: -1 }, '"advanceMs" must be a number of milliseconds, 0 or more.'],
    ['clock', {}, '"advanceMs" must be a number of milliseconds, 0 or more.'],
    ['faults', [], 'A fault must be a JSON object.'],
    ['faults', { route: 'GET /nowhere' }, '"route" must be one of: POST /accesstoken/get'],
    ['faults', { route: `GET ${LIST}`, statusCode: 500 }, 'A fault has no field "statusCode".'],
    ['faults', { route: `GET ${LIST}`, status: 999 }, '"status" must be a status from 200 to 599.'],
    ['faults', { route: `GET ${LIST}`, times: 0 }, '"times" must be a whole number from 1.'],
    [
      'faults',
      { route: `GET ${LIST}`, patch: [{ path: ['__proto__'], value: 1 }] },
      '"patch" must be a list of',
    ],
    [
      'faults',
      { route: `GET ${LIST}`, patch: [{ path: ['__proto__', 'x'], value: 1 }] },
      '"patch" must be a list of',
    ],
  ])('say what is wrong with the request: %s %j', async (route, body, message) => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const { status, json } = await control(sandbox, 'POST', route, body);
    expect(status).toBe(400);
    expect(json.message).toContain(message);
  });

  it('say that a body is not JSON, and that a route does not exist', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    expect(await send(sandbox, 'POST', '/_sandbox/faults', { body: '{' })).toMatchObject({
      status: 400,
      json: { message: 'The body must be JSON.' },
    });
    expect((await send(sandbox, 'GET', '/_sandbox/nothing')).status).toBe(404);
  });
});

it.each([0, -5, 1.5, 100_001, Number.NaN])('refuses to start with %d units', async (units) => {
  await expect(startSandbox({ units })).rejects.toThrow('1 to 100000');
});

it.each([-1, 1.5, 2 ** 32, Number.NaN])('refuses to start with the seed %d', async (seed) => {
  await expect(startSandbox({ seed })).rejects.toThrow('from 0 to 4294967295');
});

it('takes the lowest and the highest seed, at the start and later', async () => {
  for (const seed of [0, 2 ** 32 - 1]) {
    await using sandbox = await startSandbox({ seed, units: 3 });
    const { msns } = sandbox.data;
    await control(sandbox, 'POST', 'state/reset', { seed: 5 });
    expect((await control(sandbox, 'POST', 'state/reset', { seed })).status).toBe(204);
    expect(sandbox.data.msns).toEqual(msns);
  }
});

describe('query parameters of control routes', () => {
  it.each([
    ['GET', 'calls?foo=2', 'This route has no query parameter "foo". Its parameters: since, limit.'],
    ['GET', 'calls?since=1&Limit=1', 'This route has no query parameter "Limit".'],
    ['GET', 'stats?since=1', 'This route has no query parameter "since". It has no query parameters.'],
    ['POST', 'restart?seed=7', 'This route has no query parameter "seed".'],
  ])('are refused when the route does not know them: %s %s', async (method, route, message) => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    await signIn(sandbox);
    const { status, json } = await control(sandbox, method, route);
    expect([status, json.message]).toEqual([400, expect.stringContaining(message)]);
    expect(sandbox.calls()).toHaveLength(1);
  });
});

it('says so when its port is taken', async () => {
  await using sandbox = await startSandbox();
  await expect(startSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toThrow('EADDRINUSE');
});

it('closes while calls are hanging, and closes twice', async () => {
  const sandbox = await startSandbox({ latencyMs: 60_000 });
  const call = send(sandbox, 'GET', LIST).catch(() => 'cut');
  while (sandbox.stats().peak === 0) await new Promise((resolve) => setImmediate(resolve));
  await sandbox.close();
  await sandbox.close();
  expect(await call).toBe('cut');
});
