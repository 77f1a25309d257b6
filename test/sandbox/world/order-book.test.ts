import { describe, expect, it } from 'vitest';
import type { ProductOrder } from '../../../src/sandbox/data/product-order.ts';
import { createClock } from '../../../src/sandbox/world/clock.ts';
import { createOrderBook } from '../../../src/sandbox/world/order-book.ts';

const business = { scheme: 'business:NO:ORG', id: '923609016' };
const plain: ProductOrder = {
  partner: 'one',
  type: 'MANUAL',
  status: 'COMPLETED',
  businessIdentifier: business,
};

/** A book that keeps this much, with one generated order. */
function openBook(orders: number, bytes = 1e9) {
  const clock = createClock();
  const book = createOrderBook({ orders: [plain] }, clock, { orders, bytes });
  const add = (id: string, intendedPurpose = '') =>
    book.add({
      partner: 'one',
      type: 'PREFILL',
      status: 'RECEIVED',
      id,
      businessIdentifier: business,
      request: { businessIdentifier: business, productType: 'LOGIN', intendedPurpose },
    });
  const kept = () => book.of('one').flatMap(({ id }) => id ?? []);
  return { book, clock, add, kept };
}

describe('a full order book', () => {
  it('forgets the oldest orders that are over before any other', () => {
    const { book, add, kept } = openBook(4);
    for (const id of ['a', 'b', 'c', 'd']) add(id);
    book.update('b', { status: 'REJECTED' });
    book.update('d', { status: 'COMPLETED' });
    add('e');
    expect(kept()).toEqual(['a', 'c', 'd', 'e']);
    expect(book.find('b')).toBeUndefined();
    add('f');
    expect(kept()).toEqual(['a', 'c', 'e', 'f']);
    add('g');
    expect(kept()).toEqual(['c', 'e', 'f', 'g']);
  });

  it('counts an order as over that the clock has let expire', () => {
    const { clock, book, add, kept } = openBook(2);
    add('a');
    book.update('a', { status: 'ORDER_SUBMITTED' });
    add('b');
    clock.advance(14 * 86_400_000);
    add('c');
    expect(kept()).toEqual(['a', 'c']);
  });

  it('goes by what requests weigh as well', () => {
    const { add, kept } = openBook(100, 3000);
    for (const id of ['a', 'b', 'c', 'd']) add(id, 'x'.repeat(1000));
    expect(kept()).toEqual(['c', 'd']);
  });

  it('counts a text beyond Latin letters double, as it lies in memory', () => {
    const { add, kept } = openBook(100, 5000);
    for (const id of ['a', 'b', 'c', 'd']) add(id, 'ж'.repeat(1000));
    expect(kept()).toEqual(['c', 'd']);
  });

  it('has room again for what was removed, and never forgets what it began with', () => {
    const { book, add } = openBook(3);
    for (const id of ['a', 'b', 'c']) add(id);
    book.remove('a');
    add('d');
    expect(book.of('one').map(({ id }) => id)).toEqual([undefined, 'b', 'c', 'd']);
    book.reset();
    expect(book.of('one')).toEqual([plain]);
    for (const id of ['e', 'f', 'g']) add(id);
    expect(book.of('one')).toHaveLength(4);
  });

  it('takes any number of orders in little time', () => {
    const { add, kept } = openBook(10_000);
    const startedAt = performance.now();
    for (let made = 0; made < 100_000; made++) add(`order ${made}`);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(kept().length).toBeGreaterThan(9_800);
    expect(kept().length).toBeLessThanOrEqual(10_000);
    expect(kept().at(-1)).toBe('order 99999');
  });
});
