import { expect, it } from 'vitest';
import { killRuns } from '../../../bench/soak/kill-run.ts';

// `npm run soak:kill` does two hundred runs.
const RUNS = 6;

it.concurrent('F38: a gateway that is killed after sending an order creates one order, and its client gets it', async () => {
  const { orders, delivered, postsSent } = await killRuns(RUNS, true);
  expect([orders, delivered]).toEqual([RUNS, RUNS]);
  // An outcome that had been stored is returned without another call.
  expect(postsSent).toBeLessThanOrEqual(2 * RUNS);
}, 60_000);

it.concurrent('would create two orders without a key', async () => {
  const { orders } = await killRuns(2, false);
  expect(orders).toBe(4);
}, 60_000);
