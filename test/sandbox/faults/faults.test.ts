import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults/fault.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';

const LIST = '/management/v1/sales-units';
const DETAILS = 'GET /management/v1/sales-units/{msn}';
let sandbox: Sandbox;
let headers: ApiHeaders;

const list = () => fetch(sandbox.url + LIST, { headers });
const unit = (at: number) => send(sandbox, 'GET', `${LIST}/${sandbox.data.msns[at]}`, { headers });
const faultList = (fault: Omit<Fault, 'route'>) => sandbox.fault({ route: `GET ${LIST}`, ...fault });

beforeAll(async () => {
  sandbox = await startSandbox({ units: 50, latencyMs: 0 });
  headers = await signIn(sandbox);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('which calls a fault happens to', () => {
  it('ends after the given number of times', async () => {
    sandbox.fault({ route: DETAILS, status: 500, times: 2 });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call++) statuses.push((await unit(call)).status);
    expect(statuses).toEqual([500, 500, 200, 200]);
  });

  it('keeps to one path', async () => {
    sandbox.fault({ route: DETAILS, path: `${LIST}/${sandbox.data.msns[1]}`, status: 404 });
    expect((await Promise.all([unit(0), unit(1), unit(2)])).map(({ status }) => status)).toEqual([
      200, 404, 200,
    ]);
  });

  it('happens to a share of the calls, the same ones for the same seed', async () => {
    const run = async () => {
      await using other = await startSandbox({ latencyMs: 0, seed: 5 });
      const own = await signIn(other);
      other.fault({ route: `GET ${LIST}`, status: 500, rate: 0.3 });
      const statuses: number[] = [];
      for (let call = 0; call < 100; call++)
        statuses.push((await send(other, 'GET', LIST, { headers: own })).status);
      return statuses;
    };
    const statuses = await run();
    const failed = statuses.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(45);
    expect(await run()).toEqual(statuses);
  });

  it('applies to token routes too', async () => {
    sandbox.fault({ route: 'POST /accesstoken/get', status: 429, headers: { 'Retry-After': '2' } });
    const response = await fetch(`${sandbox.url}/accesstoken/get`, { method: 'POST' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
    expect(await response.json()).toMatchObject({ statusCode: 429 });
  });
});

describe('what a fault does to the answer', () => {
  it('gives a problem for a status without a body', async () => {
    faultList({ status: 503 });
    const response = await list();
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
  });

  it('replaces status, media type and body', async () => {
    faultList({ status: 502, contentType: 'text/html', body: '<html>Bad Gateway</html>' });
    const response = await list();
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await response.text()).toBe('<html>Bad Gateway</html>');
  });

  it('can leave out the media type and send a body that is no list', async () => {
    faultList({ contentType: '', body: { no: 'list' } });
    const response = await list();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, null]);
    expect(await response.json()).toEqual({ no: 'list' });
  });

  it('edits the correct answer', async () => {
    const patch = [
      { path: ['0', 'name'], value: null },
      { path: ['1', 'msn'], value: 123456 },
      { path: ['2', 'name'], remove: true as const },
      { path: ['3'], remove: true as const },
      { path: ['4', 'no', 'such'], value: 1 },
    ];
    const right = (await (await list()).json()) as object[];
    faultList({ patch });
    const wrong = (await (await list()).json()) as object[];
    expect(wrong).toHaveLength(49);
    expect(wrong[0]).toEqual({ ...right[0], name: null });
    expect(wrong[1]).toEqual({ ...right[1], msn: 123456 });
    expect(wrong[2]).not.toHaveProperty('name');
    expect(wrong.slice(3)).toEqual(right.slice(4));
  });

  it('delays it', async () => {
    faultList({ delayMs: 80 });
    const started = performance.now();
    expect((await list()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
  });
});

describe('how a fault loses the answer', () => {
  it('hangs until the client goes, which counts as aborted', async () => {
    faultList({ hang: true });
    const hanging = fetch(sandbox.url + LIST, { headers, signal: AbortSignal.timeout(60) });
    await expect(hanging).rejects.toThrow('timeout');
    while (sandbox.stats().aborted === 0) await wait(2);
    expect(sandbox.calls()).toMatchObject([{ status: null }]);
  });

  it('cuts the connection before the headers', async () => {
    faultList({ reset: 'beforeHeaders', times: 1 });
    await expect(list()).rejects.toThrow();
    expect((await list()).status).toBe(200);
    expect(sandbox.stats().aborted).toBe(0);
  });

  it.each([{ reset: 'midBody' as const }, { truncate: true as const }])(
    'cuts the body short: %j',
    async (fault) => {
      faultList(fault);
      const reading = list().then((response) => response.text());
      await expect(reading).rejects.toThrow();
      expect(sandbox.stats().aborted).toBe(0);
    },
  );
});
