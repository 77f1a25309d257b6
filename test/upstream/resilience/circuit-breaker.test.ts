import { describe, expect, it } from 'vitest';
import { CircuitOpen } from '../../../src/upstream/errors.ts';
import { CircuitBreaker, type Verdict } from '../../../src/upstream/resilience/circuit-breaker.ts';

/** A breaker with a clock that stands still. `call` resolves to what happened to the call. */
function setUp() {
  const clock = { now: 0 };
  const states: string[] = [];
  let verdict: Verdict = 'healthy';
  const breaker = new CircuitBreaker({
    judge: () => verdict,
    onChange: (state) => states.push(state),
    now: () => clock.now,
  });
  const call = async (given: Verdict) => {
    verdict = given;
    let wasSent = false;
    const work = async () => {
      wasSent = true;
      if (given !== 'healthy') throw new Error(given);
    };
    await breaker.run('GET /x', work).catch((error: unknown) => {
      if (error instanceof CircuitOpen) expect(wasSent).toBe(false);
    });
    return wasSent;
  };
  const calls = async (times: number, given: Verdict) => {
    for (let time = 0; time < times; time++) await call(given);
  };
  return { clock, states, breaker, call, calls };
}

describe('the circuit breaker', () => {
  it('opens when half of at least 20 calls within ten seconds failed', async () => {
    const { breaker, calls, call } = setUp();
    await calls(10, 'healthy');
    await calls(9, 'outage');
    expect(breaker.state).toBe('closed');
    await call('outage');
    expect(breaker.state).toBe('open');
    expect(await call('healthy')).toBe(false);
  });

  it('opens when the last 20 calls failed, however many succeeded before', async () => {
    const { breaker, calls, call } = setUp();
    await calls(1_000, 'healthy');
    await calls(19, 'outage');
    await call('healthy');
    await calls(19, 'outage');
    expect(breaker.state).toBe('closed');
    await call('outage');
    expect(breaker.state).toBe('open');
  });

  it('forgets what is older than ten seconds', async () => {
    const { clock, breaker, calls, call } = setUp();
    await calls(19, 'outage');
    clock.now = 10_001;
    await call('healthy');
    await calls(18, 'outage');
    expect(breaker.state).toBe('closed');
  });

  it('lets one call through after five seconds, and closes when it succeeds', async () => {
    const { clock, states, breaker, calls, call } = setUp();
    await calls(20, 'outage');
    clock.now = 4_999;
    expect(await call('healthy')).toBe(false);
    clock.now = 5_000;
    expect(await call('healthy')).toBe(true);
    expect(await call('healthy')).toBe(true);
    expect(states).toEqual(['open', 'half-open', 'closed']);
    expect(breaker.state).toBe('closed');
  });

  it('opens for another five seconds when the probe fails', async () => {
    const { clock, calls, call } = setUp();
    await calls(20, 'outage');
    clock.now = 5_000;
    expect(await call('outage')).toBe(true);
    clock.now = 9_999;
    expect(await call('healthy')).toBe(false);
    clock.now = 10_000;
    expect(await call('healthy')).toBe(true);
  });

  it('refuses other calls at once while the probe is under way', async () => {
    const { clock, breaker, calls, call } = setUp();
    await calls(20, 'outage');
    clock.now = 5_000;
    let answer = () => {};
    const probe = breaker.run('GET /x', () => new Promise<void>((resolve) => (answer = resolve)));
    expect(await call('healthy')).toBe(false);
    answer();
    await probe;
    expect(await call('healthy')).toBe(true);
  });

  it('probes again when the probe was cancelled', async () => {
    const { clock, breaker, calls, call } = setUp();
    await calls(20, 'outage');
    clock.now = 5_000;
    await call('ignored');
    expect(breaker.state).toBe('half-open');
    expect(await call('healthy')).toBe(true);
    expect(breaker.state).toBe('closed');
  });

  it('does not count cancelled calls', async () => {
    const { breaker, calls } = setUp();
    await calls(100, 'ignored');
    await calls(19, 'outage');
    expect(breaker.state).toBe('closed');
  });
});
