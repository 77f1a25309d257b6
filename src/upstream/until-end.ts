import type { CallTracker } from './call-tracker.ts';

/**
 * Waits for the work or for the end of the operation, whichever comes first. `onEnd` is called at that end and returns
 * the error to reject with.
 */
export function untilEnd<T>(
  work: Promise<T>,
  tracker: CallTracker,
  onEnd = (reason: Error) => reason,
): Promise<T> {
  if (tracker.reason) return Promise.reject(onEnd(tracker.reason));
  tracker.waitBegins();
  return new Promise((resolve, reject) => {
    const unsubscribe = tracker.subscribe((reason) => {
      tracker.waitEnds();
      reject(onEnd(reason));
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
