import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults/fault.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { signIn } from '../client.ts';

const LIST = '/management/v1/sales-units';
const PACKAGES = '/management/v1/partners/price-packages';
let sandbox: Sandbox;
let headers: ApiHeaders;

/** Sends all requests at once on one connection, and gives what came until it was closed. */
function pipeline(...paths: string[]): Promise<string> {
  const { hostname, port } = new URL(sandbox.url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), hostname);
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`).join(''));
  let text = '';
  socket.setTimeout(1000, () => {
    text += '(still open)';
    socket.destroy();
  });
  socket.on('data', (data) => {
    text += data.toString();
  });
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

beforeAll(async () => {
  sandbox = await startSandbox({ units: 5, latencyMs: 0 });
  headers = await signIn(sandbox);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('a cut behind an answer that is still on its way', () => {
  it.each<[Fault, RegExp]>([
    [{ reset: 'beforeHeaders' }, /^$/],
    [{ reset: 'midBody' }, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n\[\{[^\]]*$/],
    [{ truncate: true }, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n\[\{[\s\S]*\}\]$/],
  ])('waits for its turn: %j', async (fault, left) => {
    sandbox.fault({ route: `GET ${PACKAGES}`, delayMs: 80 });
    sandbox.fault({ route: `GET ${LIST}`, ...fault });
    const text = await pipeline(PACKAGES, LIST);
    expect(text).not.toContain('(still open)');
    const [, length = '', rest = ''] = /content-length: (\d+)[\s\S]*?\r\n\r\n([\s\S]*)/i.exec(text) ?? [];
    expect(JSON.parse(rest.slice(0, Number(length)))).toHaveLength(sandbox.data.pricePackages.length);
    expect(rest.slice(Number(length))).toMatch(left);
    expect(sandbox.calls().map(({ status }) => status)).toEqual([200, null]);
  });
});
