import { ms, percent } from '../figures.ts';
import { closedLoad, openLoad } from '../load.ts';
import { COUNT, countIsThere, LIST, UNIT } from '../requests.ts';
import type { Row } from '../row.ts';

const PAGE = '{ salesUnits(first: 50) { nodes { msn configuration { captureType } } } }';

export const readRows: readonly Row[] = [
  {
    id: 'F01',
    what: 'every read hangs',
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, hang: true }),
    control: async ({ world }) => (await closedLoad(20, 20, () => world.ask(COUNT))).okShare === 1,
    async run({ world, count, check }) {
      const { replies, percentile, broken } = await closedLoad(count(100), 100, () => world.ask(COUNT));
      check('all answered', broken === 0, `${replies.length} of ${count(100)}`);
      check('within the deadline + 250 ms', percentile(1) <= 5_250, ms(percentile(1)));
      const codes = new Set(replies.flatMap((reply) => reply.codes));
      check(
        'UPSTREAM_TIMEOUT, or what follows from it',
        [...codes].every((code) => /TIMEOUT|CIRCUIT|DEADLINE/.test(code)),
        [...codes].join(),
      );
    },
  },
  {
    id: 'F02',
    what: 'one of fifty details hangs',
    fault: ({ world }) => void world.sandbox.fault({ route: UNIT, hang: true, times: 3 }),
    control: async ({ world }) => (await world.ask(PAGE)).codes.length === 0,
    async run({ world, check }) {
      const { data, errors, ms: took } = await world.ask(PAGE);
      const { nodes } = (data as { salesUnits: { nodes: { configuration: unknown }[] } }).salesUnits;
      const there = nodes.filter(({ configuration }) => configuration !== null).length;
      check(
        'all others are there',
        there >= 47 && there + errors.length === 50,
        `${there} of 50, ${errors.length} errors`,
      );
      check(
        'each error has its path',
        errors.every(({ path }) => path?.at(-1) === 'configuration'),
        errors.length,
      );
      check('within the deadline + 250 ms', took <= 5_250, ms(took));
    },
  },
  {
    id: 'F03',
    what: 'the details of units take 10 s, the list does not',
    sandbox: { units: 1_000 },
    env: { MAX_CONNECTIONS_PER_ADDRESS: '5000' },
    fault: () => {},
    control: countIsThere,
    async run({ world, scale, check }) {
      const { msns } = world.sandbox.data;
      const seconds = Math.max(4, 20 * scale);
      const both = async () => {
        const [details, lists] = await Promise.all([
          openLoad(300, seconds, (index) =>
            world.ask(`{ salesUnit(msn: "${msns[index % msns.length]}") { configuration { captureType } } }`),
          ),
          openLoad(50, seconds, () => world.ask(COUNT, { 'cache-control': 'no-cache' })),
        ]);
        return { details, lists };
      };
      const before = await both();
      world.sandbox.fault({ route: UNIT, delayMs: 10_000 });
      const { details, lists } = await both();
      check('the details fail', details.okShare < 0.1, percent(details.okShare));
      check('no list fails', lists.okShare === 1, percent(lists.okShare));
      const [usual, slow] = [before.lists.percentile(0.99), lists.percentile(0.99)];
      check('lists p99 ≤ 1.5 × the usual', slow <= 1.5 * usual, `${ms(slow)} of ${ms(usual)}`);
    },
  },
  {
    id: 'F04',
    what: 'a hundredth of connections resets',
    sandbox: { seed: 4 },
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, reset: 'beforeHeaders', rate: 0.01 }),
    control: async ({ world }) => (await closedLoad(100, 20, () => world.ask(COUNT))).okShare === 1,
    async run({ world, count, check }) {
      const before = world.calls(LIST);
      const sent = count(10_000);
      const { okShare } = await closedLoad(sent, 50, () => world.ask(COUNT, { 'cache-control': 'no-cache' }));
      const calls = world.calls(LIST) - before;
      check('≥ 99.99 % ok', okShare >= 0.9999, percent(okShare));
      check('≤ 1.02 × calls', calls <= 1.02 * sent + 2, `${calls} calls for ${sent} requests`);
    },
  },
  {
    id: 'F06',
    what: 'a twentieth of reads answers 500',
    sandbox: { seed: 6 },
    fault: ({ world }) => void world.sandbox.fault({ route: UNIT, status: 500, rate: 0.05 }),
    control: async ({ world }) => (await world.ask(PAGE)).codes.length === 0,
    async run({ world, count, check }) {
      const before = world.calls(UNIT);
      const msns = world.sandbox.data.msns;
      const sent = count(10_000);
      const { okShare } = await closedLoad(sent, 50, (index) =>
        world.ask(
          `{ salesUnit(msn: "${msns[index % msns.length]}") { name configuration { captureType } } }`,
        ),
      );
      const calls = world.calls(UNIT) - before;
      check('≥ 99.9 % ok', okShare >= 0.999, percent(okShare));
      check('≤ 1.10 × calls', calls <= 1.1 * sent + 10, `${calls} calls for ${sent} requests`);
    },
  },
  {
    id: 'F07',
    what: 'the upstream is down, and comes back',
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, status: 500 }),
    control: async ({ world }) => (await closedLoad(50, 10, () => world.ask(COUNT))).okShare === 1,
    async run({ world, scale, check }) {
      const seconds = Math.max(6, 60 * scale);
      const before = world.calls(LIST);
      const { percentile, replies } = await openLoad(200, seconds, () =>
        world.ask(COUNT, { 'cache-control': 'no-cache' }),
      );
      const calls = world.calls(LIST) - before;
      const allowed = 40 + 2 * Math.ceil(seconds / 5);
      check('few calls while it is down', calls <= allowed, `${calls} calls for ${replies.length} requests`);
      const refused = percentile(0.99, ({ codes }) => codes[0] === 'CIRCUIT_OPEN');
      check('with the breaker open, answers fail p99 ≤ 50 ms', refused <= 50, ms(refused));
      check('failing answers p99 ≤ 50 ms', percentile(0.99) <= 50, ms(percentile(0.99)));
      world.sandbox.clearFaults();
      const startedAt = performance.now();
      while ((await world.ask(COUNT)).codes.length > 0)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const took = performance.now() - startedAt;
      check('first success ≤ 10 s after it is back', took <= 10_000, ms(took));
    },
  },
  {
    id: 'F10',
    what: '429 with Retry-After: 2, once',
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, status: 429, retryAfter: 2, times: 1 }),
    control: countIsThere,
    async run({ world, check }) {
      const { codes, ms: took } = await world.ask(COUNT);
      check('ok after 2.0 to 2.6 s', codes.length === 0 && took >= 2_000 && took <= 2_600, ms(took));
    },
  },
  {
    id: 'F11',
    what: '429 with Retry-After: 60',
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, status: 429, retryAfter: 60 }),
    control: countIsThere,
    async run({ world, count, check }) {
      const before = world.calls();
      const first = await world.ask(COUNT);
      const { replies, percentile } = await closedLoad(count(100), 20, () => world.ask(COUNT));
      check('one call', world.calls() - before === 1, world.calls() - before);
      check('fails at once', percentile(1) <= 100, ms(percentile(1)));
      const wait = Number(first.errors[0]?.extensions['retryAfterMs']);
      check('retryAfterMs 60,000 ± 1,000', Math.abs(wait - 60_000) <= 1_000, wait);
      const all = replies.every(({ codes }) => codes[0] === 'UPSTREAM_RATE_LIMITED');
      check('UPSTREAM_RATE_LIMITED', all, replies.length);
    },
  },
  {
    id: 'F16',
    what: 'a byte every 100 ms, for ever',
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, drip: { bytes: 1, everyMs: 100 } }),
    control: countIsThere,
    async run({ world, count, check }) {
      const { percentile, okShare } = await closedLoad(count(50), 50, () => world.ask(COUNT));
      check('within the deadline + 250 ms', percentile(1) <= 5_250 && okShare === 0, ms(percentile(1)));
    },
  },
  {
    id: 'F33',
    what: 'clients disconnect',
    sandbox: { latencyMs: 2_000 },
    env: { UPSTREAM_TIMEOUT_MS: '4000', REQUEST_DEADLINE_MS: '8000' },
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      const controller = new AbortController();
      const body = JSON.stringify({ query: PAGE });
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
      const clients = Array.from({ length: count(100) }, () =>
        fetch(world.gateway.url, { method: 'POST', headers, body, signal: controller.signal }).catch(
          () => {},
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      controller.abort();
      await Promise.all(clients);
      await new Promise((resolve) => setTimeout(resolve, 250));
      const after = world.calls();
      const open = world.sandbox.calls().filter(({ durationMs }) => durationMs === null).length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      check('no call is under way 250 ms later', open === 0, open);
      check('no new call', world.calls() === after, world.calls() - after);
    },
  },
  {
    id: 'F43',
    what: 'the upstream is down, and caches are primed',
    env: { CACHE: 'on' },
    fault: () => {},
    control: countIsThere,
    async run({ world, scale, check }) {
      const msns = world.sandbox.data.msns;
      const [primed, unprimed] = [msns.slice(0, 40), msns.slice(40)];
      const unit = (msn: string | undefined) =>
        `{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`;
      for (const msn of primed) await world.ask(unit(msn));
      world.sandbox.fault({ route: UNIT, status: 503 });
      const headers = { 'cache-control': 'max-age=0, max-stale=3600', 'x-upstream-report': '1' };
      const seconds = Math.max(5, 60 * scale);
      const known = await openLoad(100, seconds, (index) =>
        world.ask(unit(primed[index % primed.length]), headers),
      );
      check('primed reads ≥ 99 % ok', known.okShare >= 0.99, percent(known.okShare));
      const marked = known.replies.filter(({ extensions }) => extensions?.upstream?.oldest).length;
      check('marked with their age', marked >= 0.99 * known.replies.length, marked);
      const unknown = await openLoad(50, seconds / 2, (index) =>
        world.ask(unit(unprimed[index % unprimed.length])),
      );
      check('unprimed reads fail p99 ≤ 50 ms', unknown.percentile(0.99) <= 50, ms(unknown.percentile(0.99)));
    },
  },
  {
    id: 'F44',
    what: 'one key expires under a thousand requests',
    env: { CACHE: 'on' },
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      const before = world.calls();
      const { okShare } = await closedLoad(count(1_000), 200, () =>
        world.ask(COUNT, { 'cache-control': 'no-cache' }).then((reply) => reply),
      );
      const calls = world.calls() - before;
      check('all ok', okShare === 1, percent(okShare));
      check('calls are shared', calls <= count(1_000) / 4 + 5, `${calls} calls for ${count(1_000)} requests`);
    },
  },
];
