import { describe, expect, it } from 'vitest';
import { LoadShedding } from '../../../src/server/limits/load-shedding.ts';

/** A response that is never closed. */
const response = () =>
  ({ closed: false, once() {}, req: { socket: { destroyed: false, once() {} } } }) as never;

/** Shedding whose ticks are made by hand. Each draw of the lot is `lot`. */
function setUp(lot: number, underWay = 65) {
  const shedding = new LoadShedding({ random: () => lot });
  shedding.stop();
  for (let request = 0; request < underWay; request++) shedding.refuse(response());
  const beLate = (ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) shedding.tick(200);
  };
  return { shedding, beLate };
}

describe('load shedding', () => {
  it('refuses nothing for a burst', () => {
    const { shedding, beLate } = setUp(0.99);
    beLate(2);
    expect(shedding.refuse(response())).toBeUndefined();
    expect(shedding.refuseQuery()).toBeUndefined();
  });

  it('refuses queries first, so that writes still pass', () => {
    const { shedding, beLate } = setUp(0.99);
    beLate(5);
    expect(shedding.refuse(response())).toBeUndefined();
    expect(shedding.refuseQuery()).toMatchObject({ status: 503, code: 'OVERLOADED', retryAfterMs: 1_000 });
  });

  it('refuses all requests before they are read when the loop stays late', () => {
    const { shedding, beLate } = setUp(0.5);
    beLate(20);
    expect(shedding.refuse(response())).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('refuses nothing while few requests are under way: one long response is no overload', () => {
    const { shedding, beLate } = setUp(0.99, 10);
    beLate(100);
    expect(shedding.refuse(response())).toBeUndefined();
    expect(shedding.refuseQuery()).toBeUndefined();
  });

  it('accepts everything again when the loop is on time', () => {
    const { shedding, beLate } = setUp(0.99);
    beLate(20);
    for (let tick = 0; tick < 60; tick++) shedding.tick(1);
    expect(shedding.refuse(response())).toBeUndefined();
    expect(shedding.refuseQuery()).toBeUndefined();
  });

  it('refuses everything beyond what fits into memory', () => {
    const { shedding } = setUp(0, 2_000);
    expect(shedding.underWay).toBe(2_000);
    expect(shedding.refuse(response())).toMatchObject({ status: 503 });
  });
});
