import type { RoomOwner } from '../../server/subscriptions/open-subscriptions.ts';
import type { RunningWorker } from './worker-processes.ts';

/** How many subscriptions each owner has open, over all workers. */
export class SharedSubscriptions {
  readonly #counts = new Map<string, number>();
  readonly #byWorker = new Map<RunningWorker, Map<string, number>>();

  /** Returns whether each owner may have one more, which it then has. */
  take(worker: RunningWorker, owners: readonly RoomOwner[]): boolean {
    if (owners.some(({ owner, most }) => (this.#counts.get(owner) ?? 0) >= most)) return false;
    for (const { owner } of owners) this.#add(worker, owner, 1);
    return true;
  }

  leave(worker: RunningWorker, owners: readonly string[]): void {
    for (const owner of owners) this.#add(worker, owner, -1);
  }

  /** Forgets those of a worker that has ended. */
  remove(worker: RunningWorker): void {
    for (const [owner, count] of this.#byWorker.get(worker) ?? []) this.#add(worker, owner, -count);
    this.#byWorker.delete(worker);
  }

  #add(worker: RunningWorker, owner: string, change: number): void {
    const own = this.#byWorker.get(worker) ?? new Map<string, number>();
    this.#byWorker.set(worker, own);
    for (const counts of [own, this.#counts]) {
      const count = (counts.get(owner) ?? 0) + change;
      if (count > 0) counts.set(owner, count);
      else counts.delete(owner);
    }
  }
}
