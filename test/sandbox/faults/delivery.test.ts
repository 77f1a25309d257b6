import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults/fault.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { signIn } from '../client.ts';

const LIST = '/management/v1/sales-units';
let sandbox: Sandbox;
let headers: ApiHeaders;
let right: string;

const list = (init: RequestInit = {}) => fetch(sandbox.url + LIST, { headers, ...init });
const faultList = (fault: Omit<Fault, 'route'>) => sandbox.fault({ route: `GET ${LIST}`, ...fault });
const untilAborted = async (count: number) => {
  while (sandbox.stats().aborted < count) await wait(2);
};
// Timers of this process that keep the event loop busy, those of the sandbox among them.
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** When each piece of the answer came, in milliseconds from the start, and what it held. */
async function readPieces(): Promise<{ at: number; text: string }[]> {
  const started = performance.now();
  const { hostname, port } = new URL(sandbox.url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${LIST} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`);
  const pieces: { at: number; text: string }[] = [];
  socket.on('data', (data) => pieces.push({ at: performance.now() - started, text: data.toString() }));
  await once(socket, 'close');
  return pieces;
}

beforeAll(async () => {
  sandbox = await startSandbox({ units: 20, latencyMs: 0 });
  headers = await signIn(sandbox);
  right = await (await list()).text();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('an answer that is sent slowly', () => {
  it('drips, so many bytes each time, and is whole in the end', async () => {
    const bytes = Math.ceil(right.length / 5);
    faultList({ drip: { bytes, everyMs: 25 } });
    const started = performance.now();
    expect(await (await list()).text()).toBe(right);
    expect(performance.now() - started).toBeGreaterThanOrEqual(4 * 24);
    expect(sandbox.calls()).toMatchObject([{ status: 200, durationMs: expect.any(Number) }]);
    expect(sandbox.calls()[0]?.durationMs).toBeGreaterThanOrEqual(4 * 24);
  });

  it('stalls between the headers and the body', async () => {
    faultList({ stallAfterHeaders: 120 });
    const pieces = await readPieces();
    expect(pieces[0]?.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    expect((pieces[1]?.at ?? 0) - (pieces[0]?.at ?? 0)).toBeGreaterThanOrEqual(100);
    expect(pieces.slice(1).map(({ text }) => text)).toEqual([right]);
  });

  it('is in progress until its last byte', async () => {
    faultList({ drip: { bytes: 10, everyMs: 10 }, times: 1 });
    const dripping = list();
    await dripping;
    expect(sandbox.calls()).toMatchObject([{ status: null, durationMs: null }]);
    await list();
    expect(sandbox.stats().peak).toBe(2);
    await (await dripping).body?.cancel();
    await untilAborted(1);
  });

  it.each([
    { drip: { bytes: 1, everyMs: 60_000 } },
    { stallAfterHeaders: 60_000 },
    { drip: { bytes: 100, everyMs: 5 }, huge: 2 ** 30 },
    { delayMs: 60_000 },
  ])('leaves no timer behind when its client goes: %j', async (fault) => {
    const before = timers();
    faultList(fault);
    const leaving = new AbortController();
    const reading = list({ signal: leaving.signal }).then((response) => response.text());
    while (sandbox.calls().length === 0) await wait(1);
    await wait(20);
    leaving.abort();
    await expect(reading).rejects.toThrow('abort');
    await untilAborted(1);
    expect(sandbox.calls()).toMatchObject([{ status: null, durationMs: expect.any(Number) }]);
    await expect.poll(timers).toBeLessThanOrEqual(before);
  });
});

it('waits however long a fault and the latency are together', async () => {
  await using slow = await startSandbox({ units: 1, latencyMs: 1 });
  slow.fault({ route: 'POST /accesstoken/get', delayMs: 2 ** 31 - 1 });
  const asked = fetch(`${slow.url}/accesstoken/get`, { method: 'POST', signal: AbortSignal.timeout(150) });
  await expect(asked).rejects.toThrow('timeout');
});

describe('an answer of unusual length', () => {
  it('is padded with spaces, which leave JSON as it is', async () => {
    faultList({ huge: 3_000_000 });
    const response = await list();
    expect(response.headers.get('content-length')).toBe('3000000');
    const body = Buffer.from(await response.arrayBuffer());
    expect(body.length).toBe(3_000_000);
    expect(JSON.parse(body.toString())).toEqual(JSON.parse(right));
  });

  it('is sent in full when it is longer than that already', async () => {
    faultList({ huge: 10 });
    expect(await (await list()).text()).toBe(right);
  });

  it('can be large without taking memory in the sandbox, also where the client does not read', async () => {
    const size = 400 * 2 ** 20;
    faultList({ huge: size, times: 1 });
    const response = await list();
    await wait(100);
    // Not sent as long as the client does not read, so the call goes on.
    expect(sandbox.calls()).toMatchObject([{ status: null, durationMs: null }]);
    const before = process.memoryUsage().arrayBuffers;
    let read = 0;
    let most = 0;
    for await (const piece of response.body ?? []) {
      read += piece.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(read).toBe(size);
    expect(most).toBeLessThan(size / 4);
  });

  it('keeps its length to itself', async () => {
    faultList({ chunked: true });
    const response = await list();
    expect(response.headers.get('content-length')).toBeNull();
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    expect(await response.text()).toBe(right);
  });
});

it('serves others while a large answer is read as fast as it can be', async () => {
  faultList({ huge: 200 * 2 ** 20, times: 1 });
  const large = list().then((response) => response.arrayBuffer());
  while (sandbox.calls().length === 0) await wait(1);
  let served = 0;
  let isOver = false;
  large.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    expect((await list()).status).toBe(200);
    served++;
  }
  expect((await large).byteLength).toBe(200 * 2 ** 20);
  expect(served).toBeGreaterThan(3);
});
