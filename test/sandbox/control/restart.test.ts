import { expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send, signIn } from '../client.ts';
import { deleteOrder, order } from '../ordering.ts';

const LIST = '/management/v1/sales-units';
const options = { units: 30, seed: 3, policy: { listOrder: 'shuffled', latencyMs: 0 } } as const;

/** What a client sees of a sandbox that nobody has used yet, and what it can steer. */
async function use(sandbox: Sandbox): Promise<unknown> {
  const { now, ...state } = (await control(sandbox, 'GET', 'state')).json;
  const policy = (await control(sandbox, 'GET', 'policy')).json;
  const keys = (await control(sandbox, 'GET', 'keys')).json;
  const stats = (await control(sandbox, 'GET', 'stats')).json;
  const headers = await signIn(sandbox);
  const list = async () => (await send(sandbox, 'GET', LIST, { headers })).json;
  const lists = [await list(), await list()];
  const made = await order(sandbox, headers, undefined, 'same-key');
  const orders = (await send(sandbox, 'GET', '/management/v2/product-orders', { headers })).json;
  const fault = sandbox.fault({ route: `GET ${LIST}`, status: 500, rate: 0.5 });
  const statuses: number[] = [];
  for (let call = 0; call < 20; call++) {
    statuses.push((await send(sandbox, 'GET', LIST, { headers })).status);
  }
  const used = { state, policy, keys, stats, lists, made: made.json.prefilledOrderId, fault, statuses };
  const calls = sandbox.calls().map(({ number, path, status }) => [number, path, status]);
  // The URL holds the port, which another sandbox has too.
  const shown = orders.map((row: object) => ({ ...row, productOrderUrl: undefined }));
  return { ...used, calls, orders: shown, data: sandbox.data.hidden, sourceOfData: sandbox.data.msns };
}

/** Changes everything that can be changed. */
async function disturb(sandbox: Sandbox): Promise<void> {
  const headers = await signIn(sandbox);
  const { json } = await order(sandbox, headers, undefined, 'same-key');
  sandbox.moveOrder(json.prefilledOrderId, 'COMPLETED');
  const second = await order(sandbox, headers);
  await deleteOrder(sandbox, headers, second.json.prefilledOrderId);
  sandbox.deactivateUnit(sandbox.data.msns[0] ?? '');
  await control(sandbox, 'POST', 'state/reset', { seed: 8, units: 12 });
  sandbox.setPolicy({ listOrder: 'stable', latencyMs: 1, rateLimitPerMinute: 1 });
  sandbox.revokeKeys('partner');
  sandbox.fault({ status: 500, times: 1 });
  sandbox.clock.advance(90_000_000);
}

it('makes everything what it is in a new process', async () => {
  await using sandbox = await startSandbox(options);
  await using other = await startSandbox(options);
  const first = await use(sandbox);
  await disturb(sandbox);
  expect((await control(sandbox, 'POST', 'restart')).status).toBe(204);
  const again = await use(sandbox);
  expect(again).toEqual(first);
  expect(again).toEqual(await use(other));
  expect(sandbox.clock.now()).toBeLessThan(Date.now() + 1000);
});

it('does the same from within the process', async () => {
  await using sandbox = await startSandbox(options);
  const first = await use(sandbox);
  await disturb(sandbox);
  sandbox.restart();
  expect(await use(sandbox)).toEqual(first);
});

it('revokes all tokens, expired ones as well', async () => {
  await using sandbox = await startSandbox(options);
  const expired = await signIn(sandbox);
  sandbox.clock.advance(90_000_000);
  const good = await signIn(sandbox);
  sandbox.restart();
  for (const headers of [expired, good]) {
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
  }
});

it('keeps the count of calls in progress right', async () => {
  await using sandbox = await startSandbox({ ...options, policy: { latencyMs: 100 } });
  const headers = await signIn(sandbox);
  const running = send(sandbox, 'GET', LIST, { headers });
  while (sandbox.stats().calls[`GET ${LIST}`] === undefined) await new Promise(setImmediate);
  sandbox.restart();
  expect((await running).status).toBe(200);
  await signIn(sandbox);
  expect(sandbox.stats()).toMatchObject({ calls: { 'POST /accesstoken/get': 1 }, peak: 1 });
  expect(sandbox.calls()).toMatchObject([{ number: 1 }]);
});
