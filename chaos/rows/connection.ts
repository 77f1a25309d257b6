import { setTimeout as sleep } from 'node:timers/promises';
import { ms, percent } from '../figures.ts';
import { closedLoad, openLoad } from '../load.ts';
import { failingNames } from '../preloads.ts';
import { COUNT, countIsThere, orderOf } from '../requests.ts';
import type { Row, RowContext } from '../row.ts';
import type { TcpProxy } from '../tcp-proxy.ts';

function proxyOf({ world: { proxy } }: RowContext): TcpProxy {
  if (!proxy) throw new Error('the row has no proxy');
  return proxy;
}

/** Opens as many connections as the gateway will. */
const openConnections = async ({ world }: RowContext) => {
  await closedLoad(100, 50, () => world.ask(COUNT));
};

const isUnreachable = (code: string) => /UNAVAILABLE|UNREACHABLE|CIRCUIT/.test(code);

/** Requests between two injections. */
const BURST = 100;

export const connectionRows: readonly Row[] = [
  {
    id: 'F27',
    what: 'the name of the upstream is not found',
    proxy: { isNamed: true },
    env: failingNames,
    fault: openConnections,
    control: countIsThere,
    async run(context) {
      const { world, count, check } = context;
      const proxy = proxyOf(context);
      world.gateway.cli.send('SIGUSR2');
      await sleep(200);
      const old = await closedLoad(count(100), 10, () => world.ask(COUNT));
      check('open connections go on', old.okShare === 1, percent(old.okShare));
      await proxy.stop();
      await proxy.start();
      const without = await closedLoad(count(100), 10, () => world.ask(COUNT));
      const codes = [...new Set(without.replies.flatMap((reply) => reply.codes))];
      check('new ones fail', without.okShare === 0 && codes.every(isUnreachable), codes.join());
      check('within 3 s', without.percentile(1) <= 3_000, ms(without.percentile(1)));
      world.gateway.cli.send('SIGUSR2');
      const backAt = performance.now();
      while ((await world.ask(COUNT)).codes.length > 0) await sleep(100);
      const took = performance.now() - backAt;
      check('works again within 10 s', took <= 10_000, ms(took));
    },
  },
  {
    id: 'F28',
    what: 'the upstream restarts: 500 ms down, all connections reset',
    proxy: {},
    fault: openConnections,
    control: countIsThere,
    async run(context) {
      const { world, check } = context;
      const proxy = proxyOf(context);
      const running = openLoad(200, 3, () => world.ask(COUNT));
      await sleep(1_000);
      await proxy.stop();
      await sleep(500);
      await proxy.start();
      const { okShare, replies } = await running;
      check('no failure', okShare === 1, `${percent(okShare)} of ${replies.length}`);
    },
  },
  {
    id: 'F29',
    what: 'the upstream closes connections that were idle for 1 s',
    proxy: { idleMs: 1_000 },
    env: { RATE_LIMIT_PER_MINUTE: '0' },
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      // Every client pauses for about as long as a connection may be idle.
      const paused = async (send: () => ReturnType<typeof world.ask>, index: number) => {
        await sleep(900 + 10 * (index % 21));
        return send();
      };
      const reads = await closedLoad(count(10_000), 200, (index) => paused(() => world.ask(COUNT), index));
      check('no read fails', reads.okShare === 1, `${percent(reads.okShare)} of ${count(10_000)}`);
      const before = world.sandbox.stats().orders;
      const writes = await closedLoad(count(1_000), 100, (index) =>
        paused(() => world.ask(orderOf(`Unit ${index}`)), index),
      );
      check('no write fails', writes.okShare === 1, `${percent(writes.okShare)} of ${count(1_000)}`);
      const made = world.sandbox.stats().orders - before;
      check('each write made one order', made === count(1_000), made);
    },
  },
  {
    id: 'F30',
    what: 'all connections die silently',
    proxy: {},
    fault: openConnections,
    control: countIsThere,
    async run(context) {
      const { world, count, check } = context;
      const dead = proxyOf(context).blackHole();
      const { okShare, percentile } = await closedLoad(count(100), 100, () => world.ask(COUNT));
      check('all ok', okShare === 1 && dead > 0, `${percent(okShare)}, ${dead} dead connections`);
      check('within the deadline', percentile(1) <= 5_250, ms(percentile(1)));
      const later = await closedLoad(20, 1, () => world.ask(COUNT));
      check('later requests meet no dead connection', later.percentile(1) <= 500, ms(later.percentile(1)));
    },
  },
  {
    id: 'F31',
    what: 'a second answer arrives on idle connections',
    proxy: {},
    fault: openConnections,
    control: countIsThere,
    async run(context) {
      const { world, count, check } = context;
      const { msns, nameOf } = world.sandbox.data;
      const body = JSON.stringify({ msn: msns[0], name: 'FOREIGN' });
      const response = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      let injected = 0;
      let foreign = 0;
      let failed = 0;
      // Sent while no request is under way. On a busy connection nobody could tell it from the answer.
      for (let sent = 0; sent < count(10_000); sent += BURST) {
        injected += proxyOf(context).inject(response);
        await sleep(10);
        const { okShare, replies } = await closedLoad(BURST, 20, (index) => {
          const msn = msns[(sent + index) % msns.length] ?? '';
          return world.ask(`{ salesUnit(msn: "${msn}") { msn name } }`);
        });
        failed += Math.round((1 - okShare) * BURST);
        for (const { data } of replies) {
          const { salesUnit } = (data ?? {}) as { salesUnit?: { msn: string; name: string } };
          if (salesUnit && salesUnit.name !== nameOf(salesUnit.msn)) foreign++;
        }
      }
      check(
        'no answer of another request',
        foreign === 0 && injected > 0,
        `${foreign}; ${injected} injected`,
      );
      check('no failure', failed === 0, failed);
    },
  },
];
