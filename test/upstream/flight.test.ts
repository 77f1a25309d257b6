import { describe, expect, it } from 'vitest';
import { CallTracker } from '../../src/upstream/call-tracker.ts';
import { Flight } from '../../src/upstream/flight.ts';

const left = new Error('left');

function setUp() {
  const trackers = [new CallTracker('a'), new CallTracker('b')] as const;
  const { promise, resolve } = Promise.withResolvers<string>();
  const flight = new Flight(trackers[0], () => promise);
  return { flight, trackers, resolve, answers: trackers.map((tracker) => flight.join(tracker)) };
}

describe('a flight', () => {
  it('goes on for those who stay', async () => {
    const { flight, trackers, resolve, answers } = setUp();
    trackers[0].cancel(left);
    await expect(answers[0]).rejects.toBe(left);
    expect(flight.isCancelled).toBe(false);
    resolve('one');
    expect(await answers[1]).toBe('one');
  });

  it('is cancelled when the last one leaves', async () => {
    const { flight, trackers, answers } = setUp();
    for (const tracker of trackers) tracker.cancel(left);
    await Promise.allSettled(answers);
    expect(flight.call.cancellation.reason).toBe(left);
  });

  it('goes on by itself once it was sent', async () => {
    const { flight, trackers, resolve, answers } = setUp();
    flight.markSent();
    for (const tracker of trackers) tracker.cancel(left);
    await Promise.allSettled(answers);
    expect([flight.isCancelled, flight.hasWaiters]).toEqual([false, false]);
    resolve('one');
    expect(await flight.work).toBe('one');
  });

  it('is charged to the operation that started it', () => {
    const { trackers } = setUp();
    expect(trackers.map(({ cached }) => cached)).toEqual([0, 1]);
  });
});
