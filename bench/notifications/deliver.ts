import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sign } from '../../src/notifications/signature.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, startServing } from '../../test/cli/serving.ts';

// node bench/notifications/deliver.ts [CHANGES]: changes the upstream while the target of its notifications fails half of
// the time, restarts, and sometimes accepts without saying so, and while the gateway is killed. Every change of the feed
// must arrive, in order; repetitions must have the same cursor.
const [wanted = '1000'] = process.argv.slice(2);
const SECRET = 'a-secret-of-the-benchmark-0123456789';
const print = (text: string) => process.stdout.write(`${text}\n`);

const accepted: string[] = [];
let attempts = 0;
let forged = 0;
const target = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  attempts++;
  const header = String(request.headers['change-signature']);
  const time = Number(/^t=(\d+),/.exec(header)?.[1]);
  if (header !== sign(body, SECRET, time * 1_000)) forged++;
  const luck = Math.random();
  if (luck < 0.3) return void response.writeHead(500).end();
  if (luck < 0.4) return void request.socket.destroy();
  accepted.push(JSON.parse(body).cursor);
  // The answer is lost.
  if (luck < 0.5) request.socket.destroy();
  else response.writeHead(204).end();
});
const listen = async (port: number) => {
  target.listen(port, '127.0.0.1');
  await once(target, 'listening');
  return (target.address() as AddressInfo).port;
};
const port = await listen(0);
const folder = mkdtempSync(join(tmpdir(), 'deliver-'));
const file = join(folder, 'webhooks.json');
const targets = [{ name: 'bench', url: `http://127.0.0.1:${port}/`, secret: SECRET }];
writeFileSync(file, JSON.stringify({ targets }), { mode: 0o600 });
const sandbox = await startSandbox({ units: 100, latencyMs: 1 });
const start = () =>
  startServing({
    ...pointedAt(sandbox),
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    DIRECTORY_LIST_SECONDS: '1',
    DATA_DIR: folder,
    WEBHOOKS_FILE: file,
    WEBHOOKS_ALLOWED_NETWORKS: '127.0.0.0/8',
  });
let gateway = await start();
type Feed = {
  readonly changes: {
    readonly observedSince: string | null;
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
    readonly nodes: readonly { readonly cursor: string }[];
  };
};
const feed = async (args = '') =>
  (
    await gateway.query<Feed>(
      `{ changes${args} { observedSince pageInfo { endCursor hasNextPage } nodes { cursor } } }`,
    )
  ).data?.changes;
while (!(await feed())?.observedSince) await sleep(50);
const begin = (await feed())?.pageInfo.endCursor ?? '';

const startedAt = performance.now();
let [restarts, kills] = [0, 0];
let isOver = false;
const restarting = (async () => {
  while (!isOver) {
    await sleep(3_000 + 4_000 * Math.random());
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
    await sleep(500 + 1_500 * Math.random());
    await listen(port);
    restarts++;
  }
})();
const killing = (async () => {
  for (;;) {
    await sleep(8_000 + 4_000 * Math.random());
    if (isOver) return;
    gateway.cli.send('SIGKILL');
    await gateway.cli.exited;
    gateway = await start();
    kills++;
  }
})();
for (let number = 0; number < Number(wanted); number++) {
  sandbox.editUnit(sandbox.data.msns[number % 100] ?? '', { name: `Unit ${number}` });
  // Every unit changes once between two readings of the list.
  if (number % 100 === 99) await sleep(2_500);
}
await sleep(2_500);
isOver = true;
await Promise.all([restarting, killing]);
const told: string[] = [];
for (let after = begin; ; ) {
  const page = await feed(`(first: 1000, after: "${after}")`);
  if (!page) continue;
  told.push(...page.nodes.map(({ cursor }) => cursor));
  after = page.pageInfo.endCursor;
  if (!page.pageInfo.hasNextPage) break;
}
const deadline = performance.now() + 600_000;
while (accepted.at(-1) !== told.at(-1) && performance.now() < deadline) await sleep(100);
const sequenceOf = (cursor: string) => Number(JSON.parse(Buffer.from(cursor, 'base64url').toString())[2]);
const once_ = [...new Set(accepted)];
const lost = told.filter((cursor) => !once_.includes(cursor)).length;
const order = accepted.map(sequenceOf);
const backwards = order.filter((sequence, index) => sequence < (order[index - 1] ?? 0)).length;
print(
  `${told.length} changes in ${Math.round((performance.now() - startedAt) / 1_000)} s: ${attempts} attempts, ${restarts} restarts of the target, ${kills} kills of the gateway`,
);
print(
  `${lost} lost, ${backwards} out of order, ${accepted.length - once_.length} came twice with the same cursor, ${once_.length - told.length} unknown, ${forged} with a wrong signature`,
);
gateway.cli.send('SIGTERM');
await gateway.cli.exited;
await sandbox.close();
rmSync(folder, { recursive: true });
process.exit(lost + backwards + forged > 0 ? 1 : 0);
