import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../fixture.ts';
import { residentBytes } from '../process-metrics.ts';
import { jsonHeaders, type Row, type TestContext } from '../test-context.ts';

// A68 and A69: clients that hold connections, and answers that nobody reads.

export const connectionRows: readonly Row[] = [
  { id: 'A68', what: 'readers that never read', run: unreadAnswers },
  { id: 'A69', what: 'idle connections of one address', run: idleConnections },
];

const MEBIBYTE = 1024 * 1024;
const CUT_WITHIN_MS = 30_000;
const READERS = 2;
/** More answers than the operating system buffers for a client that reads nothing. */
const PIPELINED = 60;
const UNIT =
  'id msn name configuration { captureType paymentAllowed } merchant { id name businessAddress { lines postCode city } }';
/** The buffers of a connection are full once their content has not changed for so long. */
const STEADY_MS = 1_000;
const MOST_FILLING_MS = 6_000;
const PAGES = 60;
/** More than the kernel takes off the gateway's hands. */
const FILES_PER_READER = 10;
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
  const request = `POST ${target.endpoint.path} HTTP/1.1\r\n${lines}\r\n${body}`;
  const warm = await context.send({ headers: jsonHeaders(target), body });
  check('the query is answered', warm.status === 200, warm.status);
  // Each of them waits for time-outs, on a process of its own.
  await Promise.all([
    unreadPipeline(context, request),
    unprovenPages(context),
    stoppingBesideReaders(context, request),
  ]);
}

async function unreadPipeline({ target, check }: TestContext, request: string): Promise<void> {
  const before = openConnections(target);
  const readers = await openAll(target, READERS);
  for (const socket of readers) socket.pause().write(request.repeat(PIPELINED));
  await buffersFilled(target);
  const during = openConnections(target);
  check('the readers are connected', during >= before + READERS, during - before);
  const startedAt = performance.now();
  while (openConnections(target) > before && performance.now() - startedAt < CUT_WITHIN_MS) await sleep(250);
  check(
    'readers that never read are cut within 30 s',
    openConnections(target) <= before,
    openConnections(target) - before,
  );
  for (const socket of readers) socket.destroy();
}

/** Where GraphiQL is served, it needs no key. Its largest script is what costs most. Routers get no page. */
async function unprovenPages({ target, check }: TestContext): Promise<void> {
  await using open = await target.variant({ NODE_ENV: 'development' });
  const asked = { method: 'GET', headers: { accept: 'text/html' } };
  const { status } = await open.client.send(asked);
  check('the page is served to clients only', status === (open.endpoint.forRouters ? 405 : 200), status);
  const page = await open.client.send({ ...asked, path: '/graphql' });
  const [script] = /\/graphiql\/index\.[\w-]+\.js/.exec(page.text) ?? [];
  check('the page names its script', script !== undefined, page.text.length);
  const before = residentBytes(open);
  const readers = await openAll(open, PAGES);
  for (const socket of readers)
    socket.pause().write(`GET ${script} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`.repeat(FILES_PER_READER));
  let most = before;
  for (let waits = 0; waits < 30; waits++) {
    await sleep(100);
    most = Math.max(most, residentBytes(open));
  }
  const grown = most - before;
  check(
    `${PAGES} readers of its script that never read hold at most 64 MiB`,
    grown <= MOST_UNPROVEN,
    `${Math.round(grown / MEBIBYTE)} MiB`,
  );
  for (const socket of readers) socket.destroy();
}

async function stoppingBesideReaders({ target, check }: TestContext, request: string): Promise<void> {
  await using stopping = await target.variant({ REQUEST_DEADLINE_MS: '2000' });
  const readers = await openAll(stopping, 1);
  for (const socket of readers) socket.pause().write(request.repeat(PIPELINED));
  await buffersFilled(stopping);
  const startedAt = performance.now();
  stopping.process.send('SIGTERM');
  await Promise.race([stopping.process.exited, sleep(CUT_WITHIN_MS)]);
  const ms = performance.now() - startedAt;
  check('a reader that never reads does not hold up a shutdown', ms <= 10_000, `${ms.toFixed(0)} ms`);
  for (const socket of readers) socket.destroy();
}

async function idleConnections(context: TestContext): Promise<void> {
  const { target, check } = context;
  const address = '127.0.0.9';
  const sockets = await openAll(target, IDLE, address);
  // A refused connection takes a moment to close.
  let held = IDLE;
  for (let look = 0; look < 20 && held > MOST_IDLE; look++) {
    await sleep(250);
    held = connectionsOf(target, address).length;
  }
  // None would mean that they were counted wrong.
  check(`of ${IDLE} idle connections at most ${MOST_IDLE} stay`, held > 0 && held <= MOST_IDLE, held);
  for (const [who, from] of [
    ['another address', '127.0.0.8'],
    ['the same address', address],
  ] as const) {
    const [socket] = await openAll(target, 1, from);
    socket?.write(`POST ${target.endpoint.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\n\r\n`);
    const [answer] = socket ? await once(socket, 'data', { signal: AbortSignal.timeout(5_000) }) : [];
    check(`${who} is served`, /^HTTP\/1\.1 [24]/.test(String(answer)), String(answer).slice(0, 40));
    check(`${who} is not rejected`, !/^HTTP\/1\.1 429/.test(String(answer)), String(answer).slice(0, 40));
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

/** Returns how many connections to the gateway are open. */
const openConnections = (target: Target): number => connectionsOf(target).length;

/** Waits until the operating system has taken as much of the answers as it takes for clients that do not read. */
async function buffersFilled(target: Target): Promise<void> {
  const startedAt = performance.now();
  let queued = '';
  let changedAt = startedAt;
  while (performance.now() - changedAt < STEADY_MS && performance.now() - startedAt < MOST_FILLING_MS) {
    await sleep(100);
    const now = connectionsOf(target).join();
    // Empty buffers are not steady but unused: the answers have yet to come.
    if (now === queued && /[1-9A-F]/.test(now)) continue;
    queued = now;
    changedAt = performance.now();
  }
}

/**
 * Returns the send and receive queues of each connection to the gateway, as the system sees it from the gateway's side.
 * `from`: of this IPv4 address only.
 */
function connectionsOf({ url }: Target, from?: string): readonly string[] {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', remote = '', state, queues = ''] = line.trim().split(/\s+/);
    const isMeant = local.endsWith(`:${port}`) && (from === undefined || remote.startsWith(hexOf(from)));
    return isMeant && state === ESTABLISHED ? [queues] : [];
  });
}

/** As the system writes an IPv4 address: its bytes from the last to the first. */
const hexOf = (address: string): string =>
  address
    .split('.')
    .reverse()
    .map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .join('');
