import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBalancer } from '../balancer.ts';
import { ms, percent } from '../figures.ts';
import { flood } from '../flood.ts';
import { type LoadResult, openLoad } from '../load.ts';
import { jumpingClock } from '../preloads.ts';
import { ADMIN_PAGE, COUNT, countIsThere, ORDER, orderOf } from '../requests.ts';
import type { Row } from '../row.ts';
import { ask, type Reply } from '../world.ts';

export const processRows: readonly Row[] = [
  {
    id: 'F26',
    what: 'the clock jumps an hour ahead, then two back',
    env: { CACHE: 'on', ...jumpingClock },
    fault: () => {},
    control: countIsThere,
    async run({ world, scale, check }) {
      const { tokenCalls: before } = world.sandbox.stats();
      const running = openLoad(50, Math.max(3, 60 * scale), () =>
        world.ask(COUNT, { 'cache-control': 'no-cache' }),
      );
      await sleep(1_000);
      world.gateway.cli.send('SIGUSR2');
      await sleep(1_000);
      world.gateway.cli.send('SIGUSR2');
      const { okShare, replies } = await running;
      check('no failure', okShare === 1, `${percent(okShare)} of ${replies.length}`);
      const tokens = world.sandbox.stats().tokenCalls - before;
      check('at most one more token call', tokens <= 1, tokens);
      const last = world.gateway.cli.logs.at(-1);
      const offset = Date.parse(String(last?.['time'])) - Date.now();
      check('the clock of the gateway did jump', Math.abs(offset + 3_600_000) < 60_000, ms(offset));
    },
  },
  {
    id: 'F34',
    what: 'clients disconnect while their order is on the wire',
    sandbox: { latencyMs: 300 },
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      const { gateway, sandbox } = world;
      const before = sandbox.stats().orders;
      const clients = Array.from({ length: count(100) }, async (_, index) => {
        const controller = new AbortController();
        const body = JSON.stringify({ query: orderOf(`Left ${index}`) });
        const headers = { 'content-type': 'application/json' };
        const { signal } = controller;
        const answer = fetch(gateway.url, { method: 'POST', headers, body, signal }).catch(() => 'left');
        while (world.calls(ORDER) <= index) await sleep(5);
        controller.abort();
        return await answer;
      });
      const left = (await Promise.all(clients)).filter((answer) => answer === 'left').length;
      await sleep(1_000);
      const made = sandbox.stats().orders - before;
      check('each order is made, once', made === count(100), `${made} of ${count(100)}, ${left} left`);
      const open = sandbox.calls().filter(({ durationMs }) => durationMs === null).length;
      check('none is cut off', open === 0, open);
    },
  },
  {
    id: 'F36',
    what: 'SIGTERM with many requests under way, and more arriving',
    sandbox: { latencyMs: 1_000 },
    env: { MAX_CONNECTIONS_PER_ADDRESS: '5000' },
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      const { gateway } = world;
      const inFlight: Promise<Reply | undefined>[] = [];
      // The system drops connections when more than 500 wait to be accepted at once.
      while (inFlight.length < count(1_000)) {
        for (let one = 0; one < 100 && inFlight.length < count(1_000); one++)
          inFlight.push(world.ask(COUNT).catch(() => undefined));
        await sleep(50);
      }
      gateway.cli.send('SIGTERM');
      const signalled = performance.now();
      // A request is lost if it was accepted and not answered. One that finds the port closed is not.
      const arriving: Promise<'answered' | 'refused' | 'lost'>[] = [];
      while (performance.now() - signalled < 2_000) {
        arriving.push(
          world.ask(COUNT).then(
            ({ status }) => (status === 200 ? 'answered' : 'lost'),
            (error: { cause?: { code?: string } }) =>
              error.cause?.code === 'ECONNREFUSED' ? 'refused' : 'lost',
          ),
        );
        await sleep(5);
      }
      const lost = (await Promise.all(inFlight)).filter((reply) => reply?.status !== 200).length;
      const outcomes = await Promise.all(arriving);
      const { code } = await gateway.cli.exited;
      check('none in flight is lost', lost === 0, `${lost} of ${inFlight.length}`);
      const lostLater = outcomes.filter((outcome) => outcome === 'lost').length;
      check('none that arrived is lost', lostLater === 0, `${lostLater} of ${outcomes.length}`);
      check('exit code 0', code === 0, String(code));
      const took = performance.now() - signalled;
      check('ends within 15 s', took <= 15_000, ms(took));
    },
  },
  {
    id: 'F37',
    what: 'ten rolling restarts behind a load balancer',
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      await using balancer = await startBalancer();
      let serving = [await world.another(), await world.another()];
      for (const gateway of serving) balancer.add(gateway);
      await sleep(200);
      let isOver = false;
      const sent = (async () => {
        const loads: LoadResult[] = [];
        while (!isOver) loads.push(await openLoad(200, 1, () => ask(balancer.url, COUNT)));
        return loads;
      })();
      const exits: (number | null)[] = [];
      for (let restart = 0; restart < count(10); restart++) {
        const [old, ...others] = serving;
        if (!old) break;
        const fresh = await world.another();
        balancer.add(fresh);
        old.cli.send('SIGTERM');
        exits.push((await old.cli.exited).code);
        balancer.remove(old);
        serving = [...others, fresh];
      }
      isOver = true;
      const loads = await sent;
      const total = loads.reduce((sum, { replies, broken }) => sum + replies.length + broken, 0);
      const failed = loads.reduce((sum, load) => sum + Math.round((1 - load.okShare) * 200), 0);
      check('none failed', failed === 0, `${failed} of ${total}`);
      check(
        'each exits with 0',
        exits.every((code) => code === 0),
        exits.join(),
      );
      for (const gateway of serving) await gateway[Symbol.asyncDispose]();
    },
  },
  {
    id: 'F53',
    what: 'ten times the capacity',
    sandbox: { units: 200 },
    env: { CACHE: 'on' },
    fault: () => {},
    control: countIsThere,
    async run({ world, scale, check }) {
      const seconds = Math.max(3, 60 * scale);
      const send = (perSecond: number, forSeconds: number, mostConnections: number) =>
        flood(world.gateway.url, { query: ADMIN_PAGE, perSecond, seconds: forSeconds, mostConnections });
      await send(1_000, 3, 32);
      const { okPerSecond: capacity } = await send(1_000, Math.min(6, seconds), 32);
      const before = await send(0.9 * capacity, Math.min(6, seconds), 256);
      let live = 0;
      const asking = setInterval(async () => {
        const { status } = await fetch(`${world.gateway.adminUrl}/livez`);
        if (status !== 200) live++;
      }, 500);
      // With fewer connections the flood would wait in its own process.
      const { okPerSecond, ...over } = await send(10 * capacity, seconds, 2_000);
      clearInterval(asking);
      const goodput = `${Math.round(okPerSecond)}/s of ${Math.round(capacity)}/s`;
      check('goodput ≥ 90 % of capacity', okPerSecond >= 0.9 * capacity, goodput);
      check('all others are refused', over.failed + over.unanswered === 0, `${over.shed} refused`);
      check('refusals have Retry-After', over.withoutRetryAfter === 0, over.withoutRetryAfter);
      check('refused p99 ≤ 50 ms', (over.shedP99 ?? 0) <= 50, ms(over.shedP99 ?? 0));
      const [under, usual] = [over.okP99 ?? 0, before.okP99 ?? 0];
      check('accepted p99 ≤ 2 × the usual', under <= 2 * usual, `${ms(under)} of ${ms(usual)}`);
      check('alive', live === 0, live);
      await sleep(1_000);
      const again = await send(0.5 * capacity, 4, 256);
      const isBack = again.ok === again.sent && (again.okP99 ?? 0) <= 1.5 * usual;
      check('normal again after 5 s', isBack, `${again.ok} of ${again.sent} ok, p99 ${ms(again.okP99 ?? 0)}`);
    },
  },
  {
    id: 'F56',
    what: 'two thousand slow senders',
    fault: () => {},
    control: countIsThere,
    env: { MAX_CONNECTIONS_PER_ADDRESS: '5000' },
    async run({ world, count, check }) {
      const port = Number(new URL(world.gateway.url).port);
      let open = 0;
      const sockets = Array.from({ length: count(2_000) }, () => {
        const socket = connect(port, '127.0.0.1', () => {
          open++;
          socket.write('POST /graphql HTTP/1.1\r\nHost: a\r\nX-Slow: ');
        });
        // It reads, or it would not notice that it was cut off.
        socket
          .on('close', () => open--)
          .on('error', () => {})
          .resume();
        return socket;
      });
      const dripping = setInterval(() => {
        for (const socket of sockets) if (socket.writable) socket.write('x');
      }, 5_000);
      const others = await openLoad(50, 17, () => world.ask(COUNT));
      clearInterval(dripping);
      check('others ≥ 99.9 % ok', others.okShare >= 0.999, percent(others.okShare));
      check('cut within 17 s', open === 0, `${open} of ${sockets.length} open`);
      for (const socket of sockets) socket.destroy();
    },
  },
  {
    id: 'F57',
    what: 'nobody reads the log for 30 s',
    fault: ({ world }) => world.gateway.cli.pauseOutput(),
    control: countIsThere,
    async run({ world, scale, check }) {
      const seconds = Math.max(4, 30 * scale);
      const during = await openLoad(100, seconds, () => world.ask(COUNT, { 'cache-control': 'no-cache' }));
      check('no failure while nobody reads', during.okShare === 1, percent(during.okShare));
      world.gateway.cli.resumeOutput();
      const after = await openLoad(100, 4, () => world.ask(COUNT, { 'cache-control': 'no-cache' }));
      check('no failure afterwards', after.okShare === 1, percent(after.okShare));
      check('p99 ≤ 100 ms', after.percentile(0.99) <= 100, ms(after.percentile(0.99)));
      await sleep(500);
      const { logs, stdout } = world.gateway.cli;
      // More than a pipe holds, so that the log did stand still.
      const isWhole =
        logs.length >= during.replies.length + after.replies.length && stdout.length > 128 * 1_024;
      check('no line is lost', isWhole, `${logs.length} lines, ${stdout.length} bytes`);
    },
  },
  {
    id: 'F59',
    what: 'the upstream is down when the gateway starts',
    proxy: {},
    fault: () => {},
    control: countIsThere,
    async run({ world, check }) {
      await world.proxy?.stop();
      const startedAt = performance.now();
      await using gateway = await world.start();
      const startMs = performance.now() - startedAt;
      check('listens within 5 s', startMs <= 5_000, ms(startMs));
      const { status } = await fetch(`${gateway.adminUrl}/readyz`);
      check('it is not ready', status === 503, status);
      const { codes } = await ask(gateway.url, COUNT);
      check('it answers with the reason', /UPSTREAM|CIRCUIT/.test(codes[0] ?? ''), String(codes[0]));
      await world.proxy?.start();
      const backAt = performance.now();
      await gateway.readiness(200);
      const took = performance.now() - backAt;
      check('ready within 10 s of its return', took <= 10_000, ms(took));
      check('it serves', (await ask(gateway.url, COUNT)).codes.length === 0, 'yes');
    },
  },
];
