import { describe, expect, it } from 'vitest';
import { LoadShedding } from '../../../src/server/limits/load-shedding.ts';

/** A response that is never closed, and one that is closed at once. */
const open = () => ({ closed: false, on() {}, req: { socket: { destroyed: false, once() {} } } }) as never;
const closed = () => ({ ...(open() as object), closed: true }) as never;

/** Shedding whose ticks are made by hand, with so many requests under way. */
function setUp(underWay = 300) {
  const refused: number[] = [];
  const shedding = new LoadShedding({ onShed: (count) => refused.push(count) });
  shedding.stop();
  for (let request = 0; request < underWay; request++) shedding.accept(open());
  /** Each tick takes 50 ms, in which so many queries are refused. */
  const refuseQuery = () => {
    const response = open();
    shedding.accept(response);
    return shedding.refuseQuery(response);
  };
  const beBusy = (ticks: number, refusals = 0) => {
    for (let tick = 0; tick < ticks; tick++) {
      for (let query = 0; query < refusals; query++) {
        const response = closed();
        shedding.accept(response);
        shedding.refuseQuery(response);
      }
      shedding.tick(1, 50);
    }
  };
  return { shedding, refused, refuseQuery, beBusy };
}

describe('load shedding', () => {
  it('refuses nothing for a burst', () => {
    const { shedding, refuseQuery, beBusy } = setUp();
    beBusy(7);
    expect(shedding.isFull).toBe(false);
    expect(refuseQuery()).toBeUndefined();
  });

  it('refuses queries first, so that writes still pass', () => {
    const { shedding, refuseQuery, beBusy } = setUp();
    beBusy(8);
    expect(shedding.isFull).toBe(false);
    expect(refuseQuery()).toMatchObject({ status: 503, code: 'OVERLOADED', retryAfterMs: 1_000 });
  });

  it('refuses queries while a process that they ask is late', () => {
    let lagMs = 900;
    const shedding = new LoadShedding({ lagMs: () => lagMs });
    shedding.stop();
    const refused = () => {
      const response = open();
      shedding.accept(response);
      return shedding.refuseQuery(response);
    };
    expect(refused()).toBeUndefined();
    lagMs = 1_100;
    expect(refused()).toMatchObject({ status: 503, code: 'OVERLOADED' });
    expect(shedding.isFull).toBe(false);
  });

  it('refuses requests before they are read once more are refused than accepted', () => {
    const { shedding, refuseQuery, beBusy } = setUp();
    beBusy(8);
    beBusy(1, 10);
    expect(shedding.isFull).toBe(true);
    expect(refuseQuery()).toBeDefined();
  });

  it('refuses nothing because of requests that wait for the upstream', () => {
    const { shedding, refuseQuery, beBusy } = setUp(0);
    for (let request = 0; request < 1_000; request++) {
      const response = open();
      shedding.accept(response);
      shedding.start(response);
    }
    beBusy(20);
    expect(shedding.underWay).toBe(1_000);
    expect(shedding.isFull).toBe(false);
    expect(refuseQuery()).toBeUndefined();
  });

  it('refuses nothing while few requests wait: one long response is no overload', () => {
    const { shedding, refuseQuery, beBusy } = setUp(200);
    beBusy(100);
    expect(shedding.isFull).toBe(false);
    expect(refuseQuery()).toBeUndefined();
  });

  it('answers what arrived before the overload', () => {
    const { shedding, beBusy } = setUp();
    const early = open();
    shedding.accept(early);
    beBusy(10, 10);
    expect(shedding.refuseQuery(early)).toBeUndefined();
  });

  it('accepts what can be answered in the time that a request may wait', () => {
    const { shedding, refuseQuery } = setUp(950);
    for (let tick = 0; tick < 60; tick++) {
      for (let request = 0; request < 100; request++) {
        const response = closed();
        shedding.accept(response);
        shedding.start(response);
      }
      shedding.tick(tick < 30 ? 0.5 : 1, 100);
    }
    // A thousand starts per second: a thousand may wait.
    expect(refuseQuery()).toBeUndefined();
    for (let request = 0; request < 60; request++) shedding.accept(open());
    expect(refuseQuery()).toMatchObject({ code: 'OVERLOADED' });
  });

  it('lets few wait in a flood, so that what is accepted is answered soon', () => {
    const { shedding, beBusy } = setUp(0);
    const early = Array.from({ length: 256 }, open);
    for (const response of early) shedding.accept(response);
    beBusy(8);
    for (let query = 0; query < 10; query++) {
      const response = closed();
      shedding.accept(response);
      expect(shedding.refuseQuery(response)).toBeDefined();
      shedding.start(response);
    }
    beBusy(1);
    for (const response of early.splice(9)) shedding.start(response);
    expect(shedding.isFull).toBe(true);
    for (const response of early.splice(7)) shedding.start(response);
    expect(shedding.isFull).toBe(false);
  });

  it('accepts more when the loop has idle time although requests are refused', () => {
    const { shedding, refuseQuery, beBusy } = setUp(257);
    beBusy(8);
    expect(refuseQuery()).toBeDefined();
    shedding.tick(0.5, 50);
    expect(refuseQuery()).toBeUndefined();
  });

  it('accepts everything again when the loop has idle time and nothing is refused', () => {
    const { shedding, refuseQuery, beBusy } = setUp();
    beBusy(10, 10);
    shedding.tick(0.5, 50);
    shedding.tick(0.5, 50);
    expect(shedding.isFull).toBe(false);
    expect(refuseQuery()).toBeUndefined();
  });

  it('refuses everything beyond what fits into memory', () => {
    const { shedding } = setUp(2_000);
    expect(shedding.underWay).toBe(2_000);
    expect(shedding.isFull).toBe(true);
  });

  it('says how many were refused once a tick', () => {
    const { beBusy, refused } = setUp();
    beBusy(8);
    beBusy(2, 10);
    expect(refused).toEqual([10, 10]);
  });
});
