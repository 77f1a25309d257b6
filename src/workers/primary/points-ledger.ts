import { MinutePoints } from '../../server/limits/minute-points.ts';
import type { PointsGranted, PointsNeeded, PointsReturned } from '../protocol.ts';

/** Asks all workers for the points that they have and do not need. */
export type RecallPoints = (keys: readonly string[]) => Promise<readonly (readonly PointsReturned[])[]>;

/** So many blocks together are what is left, if each worker takes one. Blocks shrink as the rest does. */
const BLOCKS_PER_WORKER = 4;

/**
 * The points of all callers and tenants in their current minutes. Workers take them in blocks, so that they need not ask for
 * each request. Before anyone is refused, the workers return what they do not need, so that exactly the configured points
 * can be spent, however requests are spread over the workers.
 */
export class PointsLedger {
  readonly #taken = new MinutePoints();
  readonly #workers: () => number;
  readonly #recall: RecallPoints;
  readonly #recalling = new Map<string, Promise<number>>();

  constructor(workers: () => number, recall: RecallPoints) {
    this.#workers = workers;
    this.#recall = recall;
  }

  /** Grants what is needed of each owner and a block beyond it, or nothing. */
  async take(needed: readonly PointsNeeded[]): Promise<PointsGranted> {
    let answer = this.#tryTake(needed);
    for (let short = needed[answer.short]; short; short = needed[answer.short]) {
      const reserved = await this.#recalled(short.key);
      answer = this.#tryTake(needed);
      if (needed[answer.short] !== short) continue;
      return { ...answer, mayFit: reserved > 0 && short.points <= this.#left(short) + reserved };
    }
    return answer;
  }

  /** Counts points that were spent without having been taken, even more than there are. */
  spend(key: string, points: number): void {
    this.#taken.add(key, points);
  }

  /** Takes back points of a minute, unless that is over. */
  giveBack(key: string, points: number, minute: number): void {
    if (points > 0 && this.#taken.numberOf(key) === minute) this.#taken.add(key, -points);
  }

  #tryTake(needed: readonly PointsNeeded[]): PointsGranted {
    const short = needed.findIndex((one) => this.#left(one) < one.points);
    const granted =
      short === -1
        ? needed.map((one) => {
            const rest = this.#left(one) - one.points;
            const block = Math.floor(rest / (BLOCKS_PER_WORKER * Math.max(1, this.#workers())));
            const points = one.points + Math.max(0, block);
            this.#taken.add(one.key, points);
            return points;
          })
        : undefined;
    const minutes = needed.map((one) => ({
      left: this.#left(one),
      minute: this.#taken.numberOf(one.key) ?? 0,
      ms: this.#taken.msLeft(one.key),
    }));
    return { granted, short, mayFit: false, minutes };
  }

  #left({ key, most }: PointsNeeded): number {
    return most - this.#taken.of(key);
  }

  /** Resolves to what running operations have reserved. Those who ask at the same time share one answer. */
  #recalled(key: string): Promise<number> {
    const running = this.#recalling.get(key);
    if (running) return running;
    const recalling = this.#recall([key])
      .then((answers) => {
        let sum = 0;
        for (const { points, minute, reserved } of answers.flat()) {
          this.giveBack(key, points, minute);
          sum += reserved;
        }
        return sum;
      })
      .finally(() => this.#recalling.delete(key));
    this.#recalling.set(key, recalling);
    return recalling;
  }
}
