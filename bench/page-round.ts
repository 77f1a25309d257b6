import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createClient } from './ask.ts';
import { CONNECTIONS, type RunningSandbox, startFloor, startGateway } from './children.ts';
import { pageQuestion } from './questions.ts';
import { median } from './ratios.ts';
import { forgetCalls, readCalls } from './upstream-calls.ts';

/** The times of one fresh pair of processes, in milliseconds. */
export interface PageRound {
  readonly cold: Pair;
  readonly repeated: Pair;
  /** What was not as it must be: calls, calls at once, rows. */
  readonly mistakes: readonly string[];
}

export interface Pair {
  readonly floor: number;
  readonly gateway: number;
}

const SETTLE_MS = 100;

/**
 * Starts a floor and a gateway, asks both once (cold) and then in turns (repeated, the median of each). Turns, because
 * the machine's speed drifts: two answers within a second are comparable, two within a minute are not.
 */
export async function pageRound(
  sandbox: RunningSandbox,
  size: number,
  repeats: number,
  order: readonly (keyof Pair)[],
): Promise<PageRound> {
  const processes = {
    floor: await startFloor(sandbox),
    gateway: await startGateway(sandbox, { cache: 'off' }),
  };
  const clients = {
    floor: createClient(processes.floor.url),
    gateway: createClient(processes.gateway.url),
  };
  const times = { floor: [] as number[], gateway: [] as number[] };
  const mistakes: string[] = [];
  const expected = 1 + size + size / 5;
  try {
    for (let turn = 0; turn <= repeats; turn++) {
      const answers = { floor: '', gateway: '' };
      for (const who of order) {
        // Whatever the last answer left behind, such as garbage, is its own.
        await sleep(SETTLE_MS);
        await forgetCalls(sandbox);
        const { ms, text } = await clients[who].ask(pageQuestion(size));
        const { calls, peak } = await readCalls(sandbox);
        times[who].push(ms);
        answers[who] = text;
        if (calls !== expected) mistakes.push(`${who}: ${calls} upstream calls instead of ${expected}`);
        if (peak > CONNECTIONS) mistakes.push(`${who}: ${peak} upstream calls at once`);
      }
      if (!isDeepStrictEqual(JSON.parse(answers.floor), JSON.parse(answers.gateway)))
        mistakes.push('the rows of gateway and floor differ');
    }
  } finally {
    await Promise.all([clients.floor.close(), clients.gateway.close()]);
    await Promise.all([processes.floor.stop(), processes.gateway.stop()]);
  }
  const pair = (pick: (all: number[]) => number) => ({
    floor: pick(times.floor),
    gateway: pick(times.gateway),
  });
  return {
    cold: pair((all) => all[0] ?? Number.NaN),
    repeated: pair((all) => median(all.slice(1))),
    mistakes,
  };
}
