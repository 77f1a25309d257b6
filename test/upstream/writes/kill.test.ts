import { expect, it } from 'vitest';
import { killRuns } from '../../../bench/soak/kill-run.ts';

// A few of each here; `npm run soak:kill` does two hundred.
const RUNS = 6;

it.concurrent('F38: a gateway that is killed after it sent an order leaves one order, and its client gets it', async () => {
  const { orders, told, postsSent } = await killRuns(RUNS, true);
  expect([orders, told]).toEqual([RUNS, RUNS]);
  // Those that had been stored are told without another call.
  expect(postsSent).toBeLessThanOrEqual(2 * RUNS);
}, 60_000);

it.concurrent('would leave two without a key', async () => {
  const { orders } = await killRuns(2, false);
  expect(orders).toBe(4);
}, 60_000);
