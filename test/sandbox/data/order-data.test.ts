import { describe, expect, it } from 'vitest';
import { createWorld } from '../../../src/sandbox/world/world.ts';

const world = createWorld(1, 1000);
const orders = world.orders.filter(({ partner }) => partner === 'sandbox-partner');
const merchants = new Set(Array.from({ length: 200 }, (_, index) => world.identifier(index).id));

describe('the generated product orders', () => {
  it('are a tenth of the units, and 24 at least', () => {
    expect(orders).toHaveLength(100);
    const ofSmall = createWorld(1, 3).orders.filter(({ partner }) => partner === 'sandbox-partner');
    expect(ofSmall).toHaveLength(24);
  });

  it('have all types, each with exactly the statuses that it can have', () => {
    const statusesOf = (type: string) =>
      [...new Set(orders.filter((order) => order.type === type).map(({ status }) => status))].sort();
    const all = ['COMPLETED', 'EXPIRED', 'MERCHANT_VIEWED', 'ORDER_SUBMITTED', 'RECEIVED', 'REJECTED'];
    expect(statusesOf('PREFILL')).toEqual(all);
    expect(statusesOf('TEMPLATE')).toEqual(['COMPLETED', 'RECEIVED', 'REJECTED']);
    expect(statusesOf('MANUAL')).toEqual(['COMPLETED', 'RECEIVED', 'REJECTED']);
  });

  it('lack an id only when they were not made by prefill', () => {
    const withoutId = orders.filter(({ id }) => id === undefined);
    expect(new Set(withoutId.map(({ type }) => type))).toEqual(new Set(['TEMPLATE', 'MANUAL']));
    const ids = orders.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('name a unit of the same merchant once they are completed, and never one unit twice', () => {
    const completed = orders.filter(({ status }) => status === 'COMPLETED');
    for (const { unit = -1, businessIdentifier } of completed) {
      expect(world.identifier(world.units.record(unit).merchant)).toEqual(businessIdentifier);
    }
    expect(new Set(completed.map(({ unit }) => unit)).size).toBe(completed.length);
    expect(orders.filter(({ status, unit }) => status !== 'COMPLETED' && unit !== undefined)).toEqual([]);
  });

  it('are mostly for businesses that are not merchants yet while they are not completed', () => {
    const open = orders.filter(({ status }) => status !== 'COMPLETED');
    const strangers = open.filter(({ businessIdentifier }) => !merchants.has(businessIdentifier.id));
    expect(strangers.length).toBeGreaterThan(open.length / 2);
    expect(strangers.length).toBeLessThan(open.length);
  });
});
