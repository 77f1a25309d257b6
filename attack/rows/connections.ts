import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../fixture.ts';
import { jsonHeaders, type Row, type TestContext } from '../test-context.ts';

// A68 and A69: clients that hold connections, and answers that nobody takes.

export const connectionRows: readonly Row[] = [
  { id: 'A68', what: 'readers that never read', run: unreadAnswers },
  { id: 'A69', what: 'idle connections of one address', run: idleConnections },
];

const MEBIBYTE = 1024 * 1024;
const CUT_WITHIN_MS = 30_000;
const READERS = 2;
/** So many answers are more than the operating system takes for a client that reads nothing. */
const PIPELINED = 60;
const UNIT =
  'id msn name configuration { captureType paymentAllowed } merchant { id name businessAddress { lines postCode city } }';
/** Until the operating system has taken what it takes. */
const FILLED_MS = 6_000;
const PAGES = 60;
const MOST_UNPROVEN = 64 * MEBIBYTE;
const IDLE = 3_000;
const MOST_IDLE = 1_000;

async function unreadAnswers(context: TestContext): Promise<void> {
  const { target, check } = context;
  const body = JSON.stringify({
    query: `{ ${Array.from({ length: 9 }, (_, index) => `a${index}: salesUnits(first: 40) { nodes { ${UNIT} } }`).join(' ')} }`,
  });
  const headers = Object.entries({
    host: '127.0.0.1',
    ...jsonHeaders(target),
    'content-length': body.length,
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const request = `POST /graphql HTTP/1.1\r\n${lines}\r\n${body}`;
  const warm = await context.send({ headers: jsonHeaders(target), body });
  check('the answer is there', warm.status === 200, warm.status);
  const before = openConnections(target);
  const readers = await openAll(target, READERS);
  for (const socket of readers) socket.pause().write(request.repeat(PIPELINED));
  await sleep(FILLED_MS);
  const during = openConnections(target);
  check('the readers are connected', during >= before + READERS, during - before);
  const startedAt = performance.now();
  while (openConnections(target) >= before + READERS && performance.now() - startedAt < CUT_WITHIN_MS)
    await sleep(250);
  while (openConnections(target) > before && performance.now() - startedAt < CUT_WITHIN_MS) await sleep(250);
  check(
    'readers that never read are cut within 30 s',
    openConnections(target) <= before,
    openConnections(target) - before,
  );
  for (const socket of readers) socket.destroy();
  await unprovenPages(context);
  await stoppingBesideReaders(context, request);
}

/** The page of GraphiQL, which needs no key where it is served at all. */
async function unprovenPages({ target, check }: TestContext): Promise<void> {
  await using open = await target.variant({ NODE_ENV: 'development' });
  const page = await open.client.send({ method: 'GET', headers: { accept: 'text/html' } });
  check('the page is there', page.status === 200, page.status);
  const before = residentBytes(open);
  const readers = await openAll(open, PAGES);
  for (const socket of readers)
    socket.pause().write('GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/html\r\n\r\n');
  let most = before;
  for (let waits = 0; waits < 30; waits++) {
    await sleep(100);
    most = Math.max(most, residentBytes(open));
  }
  const grown = most - before;
  check(
    `${PAGES} unread pages hold at most 64 MiB`,
    grown <= MOST_UNPROVEN,
    `${Math.round(grown / MEBIBYTE)} MiB`,
  );
  for (const socket of readers) socket.destroy();
}

async function stoppingBesideReaders({ target, check }: TestContext, request: string): Promise<void> {
  await using stopping = await target.variant({ REQUEST_DEADLINE_MS: '2000' });
  const readers = await openAll(stopping, 1);
  for (const socket of readers) socket.pause().write(request.repeat(PIPELINED));
  await sleep(FILLED_MS);
  const startedAt = performance.now();
  stopping.process.send('SIGTERM');
  await Promise.race([stopping.process.exited, sleep(CUT_WITHIN_MS)]);
  const ms = performance.now() - startedAt;
  check('a reader that never reads holds no shutdown up', ms <= 10_000, `${ms.toFixed(0)} ms`);
  for (const socket of readers) socket.destroy();
}

async function idleConnections(context: TestContext): Promise<void> {
  const { target, check } = context;
  const address = '127.0.0.9';
  const before = openConnections(target);
  const sockets = await openAll(target, IDLE, address);
  await sleep(500);
  const held = openConnections(target) - before;
  check(`of ${IDLE} idle connections at most ${MOST_IDLE} stay`, held <= MOST_IDLE, held);
  for (const [who, from] of [
    ['another address', '127.0.0.8'],
    ['the same address', address],
  ] as const) {
    const [socket] = await openAll(target, 1, from);
    socket?.write('POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\n\r\n');
    const [answer] = socket ? await once(socket, 'data', { signal: AbortSignal.timeout(5_000) }) : [];
    check(`${who} is served`, /^HTTP\/1\.1 [24]/.test(String(answer)), String(answer).slice(0, 40));
    check(`${who} is not turned away`, !/^HTTP\/1\.1 429/.test(String(answer)), String(answer).slice(0, 40));
    socket?.destroy();
  }
  for (const socket of sockets) socket.destroy();
}

async function openAll(
  { url }: Target,
  count: number,
  localAddress = '127.0.0.1',
): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const more = Array.from({ length: Math.min(250, count - sockets.length) }, () =>
      connect({ host: hostname, port: Number(port), localAddress }).on('error', () => {}),
    );
    await Promise.all(more.map((socket) => once(socket, 'connect')));
    sockets.push(...more);
  }
  return sockets;
}

const ESTABLISHED = '01';

/** How many connections to the gateway are open, as the system sees it from the gateway's side. */
function openConnections({ url }: Target): number {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  return lines.filter((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return local.endsWith(`:${port}`) && state === ESTABLISHED;
  }).length;
}

function residentBytes({ pid }: Target): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
