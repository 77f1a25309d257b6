import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing } from '../../test/cli/serving.ts';
import type { Answer } from '../../test/support/gateway.ts';
import { type Payload, POST, PREFILL, smallest } from '../../test/upstream/writes/ordering.ts';

/** The result of orders whose gateway was killed while it sent them. */
export interface KillReport {
  readonly runs: number;
  /** Orders created upstream. */
  readonly orders: number;
  /** Clients that got their order in the end. */
  readonly delivered: number;
  /** POST calls that reached the upstream, including repeats. */
  readonly postsSent: number;
}

const ANSWER_AFTER_MS = 40;

/**
 * In each run a client orders, the gateway is killed with SIGKILL after its POST has reached the upstream, a new gateway
 * starts on the same file, and the client asks again: with its key, or without one as the control.
 */
export async function killRuns(runs: number, withKey: boolean): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'outcomes-'));
  await using sandbox = await startSandbox({ units: 5, latencyMs: 0 });
  sandbox.fault({ route: POST, delayMs: ANSWER_AFTER_MS });
  const before = sandbox.data.orders.length;
  const posts = () => sandbox.stats().calls[POST] ?? 0;
  const env = {
    ...pointedAt(sandbox),
    OUTCOMES_FILE: join(folder, 'outcomes.sqlite'),
    DIRECTORY: 'off',
    LOG_LEVEL: 'info',
  };
  let delivered = 0;
  let serving: Serving = await startServing(env);
  try {
    for (let run = 0; run < runs; run++) {
      const input = { ...smallest, ...(withKey && { idempotencyKey: `run-${run}` }) };
      const seen = posts();
      const lost = order(serving, input).catch(() => undefined);
      while (posts() === seen) await sleep(1);
      // Before the response, while it is stored, or just after.
      await sleep(Math.random() * 1.5 * ANSWER_AFTER_MS);
      await serving[Symbol.asyncDispose]();
      await lost;
      serving = await startServing(env);
      const { data, errors } = await order(serving, input);
      if (!errors && data?.prefillProductOrder.prefillUrl) delivered++;
    }
  } finally {
    await serving[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }
  return { runs, orders: sandbox.data.orders.length - before, delivered, postsSent: posts() };
}

async function order({ url }: Serving, input: object): Promise<Answer<{ prefillProductOrder: Payload }>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: PREFILL, variables: { input } }),
  });
  return response.json();
}
