import type { CallTracker } from './call-tracker.ts';

/** Waits for what belongs to no operation, or for the end of this one. Rejects with the reason of that end. */
export function untilEnd<T>(work: Promise<T>, tracker: CallTracker): Promise<T> {
  if (tracker.reason) return Promise.reject(tracker.reason);
  tracker.waitBegins();
  return new Promise((resolve, reject) => {
    const unsubscribe = tracker.subscribe((reason) => {
      tracker.waitEnds();
      reject(reason);
    });
    const settle = (done: () => void) => {
      if (tracker.reason) return;
      unsubscribe();
      tracker.waitEnds();
      done();
    };
    work.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
