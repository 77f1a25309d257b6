import { readEventLoop } from '../process-metrics.ts';
import type { TestContext } from '../test-context.ts';

const MOST_BUSY_MS = 100;

/** Checks that nothing of the work holds the event loop, whatever else the machine does. */
export async function loopOf(
  { check, target }: TestContext,
  what: string,
  work: () => Promise<unknown>,
): Promise<void> {
  await readEventLoop(target.process);
  await work();
  const { busyMs } = await readEventLoop(target.process);
  check(`${what}: at most ${MOST_BUSY_MS} ms in one turn`, busyMs <= MOST_BUSY_MS, `${busyMs.toFixed(0)} ms`);
}
