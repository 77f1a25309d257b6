import type { RunningWorker } from './worker-processes.ts';

/** How many subscriptions each owner has open in each worker. */
export class OpenCounts {
  readonly #counts = new Map<RunningWorker, Map<string, number>>();
  readonly #workers: () => Iterable<RunningWorker>;

  constructor(workers: () => Iterable<RunningWorker>) {
    this.#workers = workers;
  }

  /** Takes note of a count, and tells the other workers. */
  set(worker: RunningWorker, owner: string, count: number): void {
    const own = this.#counts.get(worker) ?? new Map<string, number>();
    this.#counts.set(worker, own);
    if (count > 0) own.set(owner, count);
    else own.delete(owner);
    for (const other of this.#workers()) if (other !== worker) this.#tell(other, owner);
  }

  /** Tells a worker that has started of all others. */
  tellAll(worker: RunningWorker): void {
    const owners = new Set([...this.#counts.values()].flatMap((counts) => [...counts.keys()]));
    for (const owner of owners) this.#tell(worker, owner);
  }

  /** Forgets a worker that has ended. */
  remove(worker: RunningWorker): void {
    const own = this.#counts.get(worker);
    this.#counts.delete(worker);
    for (const owner of own?.keys() ?? []) for (const other of this.#workers()) this.#tell(other, owner);
  }

  #tell(worker: RunningWorker, owner: string): void {
    let count = 0;
    for (const [other, counts] of this.#counts) if (other !== worker) count += counts.get(owner) ?? 0;
    worker.channel.notify('subscriptions', { owner, count });
  }
}
