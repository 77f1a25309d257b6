import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../../src/notifications/signature.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing, untilObserved } from './serving.ts';

const SECRET = 'canary-secret-of-the-target-0123456789';
const folder = mkdtempSync(join(tmpdir(), 'notifications-'));
const received: { body: string; signature: string | undefined }[] = [];
let status = 204;
const target = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const signature = request.headers['change-signature'];
  if (status === 204) received.push({ body, signature: String(signature) });
  response.writeHead(status).end();
});
let sandbox: Sandbox;
let url: string;
beforeAll(async () => {
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/changes`;
  sandbox = await startSandbox({ units: 5, latencyMs: 0 });
  const targets = [{ name: 'crm', url, secret: SECRET, kinds: ['SALES_UNIT_CHANGED'] }];
  writeFileSync(join(folder, 'webhooks.json'), JSON.stringify({ targets }), { mode: 0o600 });
});
afterAll(async () => {
  await sandbox.close();
  target.closeAllConnections();
  target.close();
  rmSync(folder, { recursive: true });
});

async function start(more: Record<string, string> = {}): Promise<Serving> {
  const serving = await startServing({
    ...pointedAt(sandbox),
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    DIRECTORY_LIST_SECONDS: '1',
    DATA_DIR: folder,
    WEBHOOKS_FILE: join(folder, 'webhooks.json'),
    ...more,
  });
  await untilObserved(serving.query);
  return serving;
}
const allowed = { WEBHOOKS_ALLOWED_NETWORKS: '127.0.0.0/8' };
const rename = (name: string) => sandbox.editUnit(sandbox.data.msns[0] ?? '', { name });
const until = async (count: number) => {
  while (received.length < count) await sleep(20);
};
const parsed = () =>
  received.map(({ body }) => JSON.parse(body) as { cursor: string; kind: string; id: string });

describe('a target of WEBHOOKS_FILE', () => {
  it('is told of each change once, signed, also of those while it or the gateway was down', {
    timeout: 60_000,
  }, async () => {
    {
      await using serving = await start(allowed);
      rename('First');
      await until(1);
      const [first] = received;
      const time = Number(/^t=(\d+),/.exec(first?.signature ?? '')?.[1]);
      expect(first?.signature).toBe(sign(first?.body ?? '', SECRET, time * 1_000));
      const { kind, id, cursor } = parsed()[0] ?? {};
      expect(kind).toBe('SALES_UNIT_CHANGED');
      const { data } = await serving.query(
        `{ node(id: "${id}") { ... on Change { cursor msn fields { after } } } }`,
      );
      expect(data).toEqual({ node: { cursor, msn: sandbox.data.msns[0], fields: [{ after: 'First' }] } });
      // The target is down, and then the gateway too.
      status = 503;
      rename('Second');
      const failed = async () =>
        (await (await fetch(`${serving.adminUrl}/metrics`)).text()).includes(
          'change_notifications_total{outcome="failed"}',
        );
      while (!(await failed())) await sleep(20);
      serving.cli.send('SIGKILL');
      await serving.cli.exited;
      expect(serving.cli.stdout + serving.cli.stderr).not.toContain(SECRET);
    }
    rename('Third');
    status = 204;
    {
      await using serving = await start(allowed);
      await until(3);
      serving.cli.send('SIGTERM');
      expect((await serving.cli.exited).code).toBe(0);
    }
    expect(new Set(parsed().map(({ cursor }) => cursor)).size).toBe(3);
  });

  it('is told nothing at a private address, unless that is allowed', { timeout: 30_000 }, async () => {
    await using serving = await start();
    const before = received.length;
    rename('Fourth');
    const failed = async () =>
      (await (await fetch(`${serving.adminUrl}/metrics`)).text()).includes(
        'change_notifications_total{outcome="failed"}',
      );
    while (!(await failed())) await sleep(20);
    expect(received.length).toBe(before);
  });
});
