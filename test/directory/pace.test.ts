import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/directory/pace.ts';

function setUp(callsPerSecond: number) {
  let now = 0;
  const pace = new Pace({ callsPerSecond, now: () => now });
  /** Makes calls for a time, as fast as the pace allows. Returns how many. */
  const callsIn = (ms: number) => {
    const end = now + ms;
    let calls = 0;
    for (;;) {
      const wait = pace.take();
      if (now + wait >= end) break;
      now += wait;
      calls++;
    }
    now = end;
    return calls;
  };
  return { pace, callsIn };
}

describe('pace', () => {
  it('is never exceeded', () => {
    const { callsIn } = setUp(100);
    for (let second = 0; second < 20; second++) expect(callsIn(1_000)).toBeLessThanOrEqual(100);
  });

  it('is nearly reached when timers are late, and not exceeded after a pause', () => {
    let now = 0;
    const pace = new Pace({ callsPerSecond: 1_000, now: () => now });
    const calls: number[] = [];
    while (now < 3_000) {
      const wait = pace.take();
      // A timer of Node is up to a millisecond late, and once there is a pause.
      if (wait > 0) now += Math.ceil(wait) + (calls.length % 2);
      if (calls.length === 1_000) now += 500;
      calls.push(now);
    }
    const busiest = Math.max(
      ...calls.map((from) => calls.filter((at) => at >= from && at < from + 1_000).length),
    );
    expect(busiest).toBeGreaterThan(900);
    expect(busiest).toBeLessThanOrEqual(1_000);
  });

  it('halves at once and recovers within 20 s', () => {
    const { pace, callsIn } = setUp(100);
    callsIn(1_000);
    pace.halve();
    expect(pace.rate).toBe(49);
    expect(callsIn(1_000)).toBeLessThanOrEqual(52);
    callsIn(19_000);
    expect(pace.rate).toBe(98);
  });

  it('never stops', () => {
    const { pace } = setUp(10);
    for (let trouble = 0; trouble < 100; trouble++) pace.halve();
    expect(pace.rate).toBeGreaterThan(0.1);
  });

  it('can be without a limit', () => {
    const { pace } = setUp(Number.POSITIVE_INFINITY);
    expect(pace.take()).toBe(0);
    pace.halve();
    expect(pace.take()).toBe(0);
  });
});
