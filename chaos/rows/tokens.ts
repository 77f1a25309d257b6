import { setTimeout as sleep } from 'node:timers/promises';
import { ms, percent } from '../figures.ts';
import { closedLoad, openLoad } from '../load.ts';
import { COUNT, countIsThere, TOKEN, UNIT } from '../requests.ts';
import type { Row, RowContext } from '../row.ts';

const THOUSAND = '{ salesUnits(first: 1000) { nodes { configuration { captureType } } } }';

async function renewOnce({ world, check }: RowContext): Promise<void> {
  const { tokenCalls: before } = world.sandbox.stats();
  const { codes } = await world.ask(THOUSAND);
  const { tokenCalls } = world.sandbox.stats();
  check('one token call', tokenCalls - before === 1, tokenCalls - before);
  check('all ok', codes.length === 0, codes.length);
}

export const tokenRows: readonly Row[] = [
  {
    id: 'F19',
    what: 'the token is revoked under a thousand calls',
    fault: ({ world }) => world.sandbox.revokeTokens(),
    control: countIsThere,
    sandbox: { units: 1_000 },
    run: renewOnce,
  },
  {
    id: 'F20',
    what: 'the token is revoked, and refusals of the old one arrive for 3 s',
    env: { UPSTREAM_CONCURRENCY: '500', UPSTREAM_TIMEOUT_MS: '4000', REQUEST_DEADLINE_MS: '15000' },
    sandbox: { units: 1_000 },
    fault: ({ world }) => {
      for (const delayMs of [1_000, 2_000, 3_000]) world.sandbox.fault({ route: UNIT, delayMs, times: 100 });
      world.sandbox.revokeTokens();
    },
    control: countIsThere,
    run: renewOnce,
  },
  {
    id: 'F21',
    what: 'the keys are wrong',
    fault: ({ world }) => {
      world.sandbox.revokeKeys('partner', 'client');
      world.sandbox.revokeTokens();
    },
    control: countIsThere,
    async run({ world, scale, check }) {
      const { tokenCalls: before } = world.sandbox.stats();
      const callsBefore = world.calls();
      const seconds = Math.max(3, 10 * scale);
      const { replies } = await openLoad(100, seconds, () => world.ask(COUNT));
      const { tokenCalls } = world.sandbox.stats();
      check('at most 2 token calls', tokenCalls - before <= 2, tokenCalls - before);
      const calls = world.calls() - callsBefore;
      check('few calls with a refused token', calls <= 20, `${calls} for ${replies.length} requests`);
      const all = replies.every(({ codes }) => codes[0] === 'UPSTREAM_UNAUTHENTICATED');
      check('UPSTREAM_UNAUTHENTICATED', all, replies.length);
    },
  },
  {
    id: 'F22',
    what: 'the token endpoint is down while a token is valid',
    fault: ({ world }) => void world.sandbox.fault({ route: TOKEN, status: 503 }),
    control: countIsThere,
    async run({ world, count, check }) {
      const { okShare } = await closedLoad(count(200), 20, () => world.ask(COUNT));
      check('no failure', okShare === 1, percent(okShare));
    },
  },
  {
    id: 'F23',
    what: 'the token endpoint takes 8 s',
    env: { UPSTREAM_TIMEOUT_MS: '10000' },
    fault: ({ world }) => {
      world.sandbox.fault({ route: TOKEN, delayMs: 8_000, times: 1 });
      world.sandbox.revokeTokens();
    },
    control: countIsThere,
    async run({ world, count, check }) {
      const { tokenCalls: before } = world.sandbox.stats();
      const startedAt = performance.now();
      const first = await closedLoad(count(500), count(500), () => world.ask(COUNT));
      check(
        'all are answered within the deadline + 250 ms',
        first.percentile(1) <= 5_250,
        ms(first.percentile(1)),
      );
      await sleep(9_000 - (performance.now() - startedAt));
      const later = await closedLoad(count(500), 50, () => world.ask(COUNT));
      check('the call goes on and serves the next', later.okShare === 1, percent(later.okShare));
      const { tokenCalls } = world.sandbox.stats();
      check('one token call', tokenCalls - before === 1, tokenCalls - before);
    },
  },
  {
    id: 'F24',
    what: 'the first caller of a shared call disconnects',
    sandbox: { latencyMs: 500 },
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      const before = world.calls();
      const leaving = new AbortController();
      const left = fetch(world.gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: COUNT }),
        signal: leaving.signal,
      }).catch(() => 'left');
      await sleep(100);
      const others = closedLoad(count(499), count(499), () => world.ask(COUNT));
      await sleep(200);
      leaving.abort();
      check('it has left', (await left) === 'left', 'yes');
      const { okShare } = await others;
      check('the others are all ok', okShare === 1, percent(okShare));
      check('few calls', world.calls() - before <= 2, world.calls() - before);
    },
  },
  {
    id: 'F25',
    what: 'the token has no usable lifetime',
    fault: ({ world }) => {
      world.sandbox.fault({ route: TOKEN, patch: [{ path: ['expires_in'], value: '0' }] });
      world.sandbox.revokeTokens();
    },
    control: countIsThere,
    async run({ world, scale, check }) {
      const { tokenCalls: before } = world.sandbox.stats();
      const seconds = Math.max(3, 25 * scale);
      const { okShare } = await openLoad(20, seconds, () => world.ask(COUNT));
      const { tokenCalls } = world.sandbox.stats();
      check('all ok', okShare === 1, percent(okShare));
      check('no loop of token calls', tokenCalls - before <= 1, `${tokenCalls - before} in ${seconds} s`);
    },
  },
  {
    id: 'F58',
    what: 'the primary subscription key is refused',
    fault: ({ world }) => world.sandbox.revokeKeys('partner', 'subscriptionKey'),
    control: countIsThere,
    async run({ world, count, check }) {
      const { okShare } = await closedLoad(count(200), 20, () => world.ask(COUNT));
      check('no failure', okShare === 1, percent(okShare));
      const text = await (await fetch(`${world.gateway.adminUrl}/metrics`)).text();
      const [, switches] = /^upstream_subscription_key_switches_total (\d+)/m.exec(text) ?? [];
      check('tried once, and remembered', switches === '1', String(switches));
    },
  },
];
