import type { SeededRandom } from '../data/seeded-random.ts';
import type { Policy } from '../policy/policy.ts';

/** Puts the rows of a list in the order that the policy sets. */
export interface RowOrder {
  /** The list to send; the one that is given stays as it is. */
  arrange<T>(list: readonly T[]): readonly T[];
  /** The bytes to send of a list that was arranged before it was written. */
  rotate(rows: RowList): Buffer;
  /** Begins with the first shuffle again, as after a start with this seed. */
  restart(random: SeededRandom): void;
}

/** A JSON list that is written once and may begin at any of its rows. */
export interface RowList {
  readonly whole: Buffer;
  /** Where each row begins. */
  readonly starts: Uint32Array;
}

/** The n-th shuffled list of a sandbox follows from its seed, so that what a client got wrong can be had again. */
export function createRowOrder(policy: Policy, firstRandom: SeededRandom): RowOrder {
  let random = firstRandom;
  let shuffles = 0;
  const isShuffled = () => policy.listOrder === 'shuffled';
  return {
    arrange(list) {
      if (!isShuffled()) return list;
      const sort = random.uint32('list order', shuffles++);
      return list
        .map((item, index) => ({ item, at: random.uint32('row', sort + index) }))
        .sort((one, other) => one.at - other.at)
        .map(({ item }) => item);
    },
    rotate: ({ whole, starts }) =>
      isShuffled() && starts.length > 1
        ? rotate(whole, starts[random.below(starts.length, 'turn', shuffles++)] ?? 1)
        : whole,
    restart(newRandom) {
      random = newRandom;
      shuffles = 0;
    },
  };
}

export function createRowList(rows: readonly string[]): RowList {
  const starts = new Uint32Array(rows.length);
  let start = 1;
  rows.forEach((row, index) => {
    starts[index] = start;
    start += Buffer.byteLength(row) + 1;
  });
  return { whole: Buffer.from(`[${rows.join(',')}]`), starts };
}

// One copy of memory, where another shuffle of a hundred thousand rows would hold up every other call.
function rotate(whole: Buffer, cut: number): Buffer {
  if (cut === 1) return whole;
  const end = whole.length - 1;
  const turned = Buffer.allocUnsafe(whole.length);
  turned.write('[', 0);
  const tail = whole.copy(turned, 1, cut, end);
  turned.write(',', 1 + tail);
  whole.copy(turned, 2 + tail, 1, cut - 1);
  turned.write(']', end);
  return turned;
}
