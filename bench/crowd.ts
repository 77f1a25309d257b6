import { createClient } from './ask.ts';
import { type Running, type RunningSandbox, startFloor, startGateway, startSandbox } from './children.ts';
import { pageQuestion } from './questions.ts';
import { forgetCalls, readCalls } from './upstream-calls.ts';

/** Many clients who ask a fresh process for the same page at once. */
export interface CrowdResult {
  readonly who: string;
  readonly calls: number;
  /** Until the last one has its answer. */
  readonly ms: number;
}

export const CROWD = 50;
const SIZE = 100;

export async function measureCrowd(): Promise<CrowdResult[]> {
  const sandbox = await startSandbox({ units: SIZE, latencyMs: 20 });
  const crowd = (who: string, start: () => Promise<Running>) => ask(who, start, sandbox);
  try {
    await crowd('warm-up', () => startFloor(sandbox));
    return [
      await crowd('floor', () => startFloor(sandbox)),
      await crowd('gateway, CACHE=off', () => startGateway(sandbox, { cache: 'off' })),
      await crowd('gateway', () => startGateway(sandbox, { cache: 'on' })),
    ];
  } finally {
    await sandbox.stop();
  }
}

async function ask(
  who: string,
  start: () => Promise<Running>,
  sandbox: RunningSandbox,
): Promise<CrowdResult> {
  const running = await start();
  const client = createClient(running.url, CROWD);
  try {
    await forgetCalls(sandbox);
    const started = performance.now();
    await Promise.all(Array.from({ length: CROWD }, () => client.ask(pageQuestion(SIZE))));
    const ms = performance.now() - started;
    const { calls } = await readCalls(sandbox);
    return { who, calls, ms };
  } finally {
    await client.close();
    await running.stop();
  }
}
