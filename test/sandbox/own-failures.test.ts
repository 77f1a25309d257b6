import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults/fault.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { ApiHeaders } from './client.ts';
import { send, signIn } from './client.ts';

const LIST = '/management/v1/sales-units';
let sandbox: Sandbox;
let headers: ApiHeaders;
let onExchange = () => {};

const list = () => send(sandbox, 'GET', LIST, { headers });
const failOnExchange = () => {
  onExchange = () => {
    throw new Error('the listener is broken');
  };
};

beforeAll(async () => {
  sandbox = await startSandbox({ units: 10, latencyMs: 0, onExchange: () => onExchange() });
  headers = await signIn(sandbox);
});
beforeEach(() => {
  onExchange = () => {};
  sandbox.reset();
});
afterAll(() => sandbox.close());

// Anything uncaught ends the process, and with it this test run.
describe('a failure of the sandbox itself', () => {
  it.each([{}, { delayMs: 5 }])('in a fault is a 500 of this one call: %j', async (timing: Fault) => {
    sandbox.fault({ ...timing, body: {}, times: 1 });
    // As if it had passed the check: JSON has no form for such a number.
    Object.assign(sandbox.faults()[0]?.fault ?? {}, { body: { amount: 1n } });
    const { status, json } = await list();
    expect([status, json.detail]).toEqual([500, expect.stringContaining('BigInt')]);
    expect(sandbox.calls()).toMatchObject([{ status: 500, durationMs: expect.any(Number) }]);
    expect((await list()).status).toBe(200);
  });

  it.each([{}, { delayMs: 5 }])('in whoever is told of exchanges is one too: %j', async (timing: Fault) => {
    failOnExchange();
    sandbox.fault({ ...timing, headers: { a: 'b' } });
    const { status, json } = await list();
    expect([status, json.detail]).toEqual([500, expect.stringContaining('the listener is broken')]);
  });

  it('that comes after the headers cuts the answer', async () => {
    failOnExchange();
    sandbox.fault({ drip: { bytes: 50, everyMs: 1 }, times: 1 });
    const response = await fetch(sandbox.url + LIST, { headers });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    onExchange = () => {};
    expect((await list()).status).toBe(200);
  });

  it('that comes when the client has left already is nobody’s', async () => {
    failOnExchange();
    sandbox.fault({ hang: true, times: 1 });
    await expect(fetch(sandbox.url + LIST, { headers, signal: AbortSignal.timeout(50) })).rejects.toThrow(
      'timeout',
    );
    await expect.poll(() => sandbox.stats().aborted).toBe(1);
    onExchange = () => {};
    expect((await list()).status).toBe(200);
  });
});
