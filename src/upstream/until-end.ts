import type { CallTracker } from './call-tracker.ts';

/** Waits for what belongs to no operation, or for the end of this one. Rejects with the reason of that end. */
export function untilEnd<T>(work: Promise<T>, scope: CallTracker): Promise<T> {
  if (scope.reason) return Promise.reject(scope.reason);
  scope.waitBegins();
  return new Promise((resolve, reject) => {
    const unsubscribe = scope.subscribe((reason) => {
      scope.waitEnds();
      reject(reason);
    });
    const settle = (done: () => void) => {
      if (scope.reason) return;
      unsubscribe();
      scope.waitEnds();
      done();
    };
    work.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
