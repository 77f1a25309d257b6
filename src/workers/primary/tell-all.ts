import type { Requests } from '../protocol.ts';
import type { WorkerProcesses } from './worker-processes.ts';

export type Workers = Pick<WorkerProcesses, 'all' | 'running'>;

/** A worker that is busy for longer than this does not hold up the others. */
const MOST_WAIT_MS = 2_000;

/**
 * Tells all workers. Resolves when those that accept requests have taken note. Those that are starting take note before
 * they accept any, and one that ends answers nothing any more.
 */
export async function tellAll<Kind extends 'drop' | 'tenants'>(
  { all, running }: Workers,
  kind: Kind,
  body: Requests[Kind]['body'],
): Promise<void> {
  const answers: Promise<unknown>[] = [];
  for (const worker of all) {
    const answer = worker.channel.request(kind, body).catch(() => {});
    if (running.has(worker)) answers.push(answer);
  }
  await within(MOST_WAIT_MS, Promise.all(answers));
}

/** Resolves with the work, or to undefined when it takes longer. */
export function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    void work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      () => {
        clearTimeout(timer);
        resolve(undefined);
      },
    );
  });
}
