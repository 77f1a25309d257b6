const LENGTH = 5000;

/** The last calls by their running numbers. */
export interface CallLog<R> {
  /** The number that the next record must carry. */
  nextNumber(): number;
  add(record: R): void;
  /** Records with a higher number than `since`, oldest first, and at most `limit` of them. */
  read(since?: number, limit?: number): R[];
  /** Drops the records. The numbers continue, so that `since` stays valid. */
  clear(): void;
  /** Drops the records, and starts again with number 1. */
  restart(): void;
}

export function createCallLog<R>(): CallLog<R> {
  let ring: R[] = [];
  let oldest = 0;
  let added = 0;
  const clear = () => {
    ring = [];
    oldest = 0;
  };

  return {
    nextNumber: () => added + 1,
    add(record) {
      added++;
      // A ring: the newest call takes the place of the oldest.
      if (ring.length < LENGTH) ring.push(record);
      else {
        ring[oldest] = record;
        oldest = (oldest + 1) % LENGTH;
      }
    },
    read(since = 0, limit = LENGTH) {
      const firstNumber = added - ring.length + 1;
      const skipped = Math.max(0, since + 1 - firstNumber);
      return [...ring.slice(oldest), ...ring.slice(0, oldest)].slice(skipped, skipped + limit);
    },
    clear,
    restart() {
      clear();
      added = 0;
    },
  };
}
