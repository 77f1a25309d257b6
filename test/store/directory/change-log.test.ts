import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangeKind, ChangesExpired } from '../../../src/directory/changes/change.ts';
import { matches } from '../../../src/directory/changes/matches.ts';
import { ChangeLog } from '../../../src/store/directory/change-log.ts';
import { openDirectoryDatabase } from '../../../src/store/directory/database.ts';

const KINDS: readonly ChangeKind[] = [
  'SALES_UNIT_CHANGED',
  'MERCHANT_CHANGED',
  'PRODUCT_ORDER_CHANGED',
  'MERCHANT_ADDED',
];
const COUNT = 60;

/** A log of changes with the same as a list, a few deleted from its start; looked through in windows of seven. */
function setUp() {
  const db = openDirectoryDatabase(':memory:', () => {});
  const log = new ChangeLog(db, 7);
  log.observe(1);
  for (let at = 0; at < COUNT; at++) {
    const kind = KINDS[(at * at) % KINDS.length] as ChangeKind;
    const [msn, merchant, productOrder] = [
      String(at % 5),
      `m${at % 3}`,
      at % 4 === 0 ? `o${at % 8}` : undefined,
    ];
    log.add({ kind, at: 1_000 + 10 * Math.floor(at / 3), msn, merchant, productOrder, fields: [] });
  }
  const all = log.takeAdded();
  log.deleteBefore(1_030);
  return { db, log, kept: all.filter(({ at }) => at >= 1_030) };
}

const some = (texts: readonly string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1 }), { nil: undefined });
const conditions = fc.record({
  kinds: some(KINDS) as fc.Arbitrary<ChangeKind[] | undefined>,
  msns: some(['0', '1', '4', '9']),
  merchants: some(['m0', 'm2']),
  productOrders: some(['o0', 'o4']),
  since: fc.option(fc.integer({ min: 990, max: 1_210 }), { nil: undefined }),
});
const place = fc.option(fc.integer({ min: 9, max: COUNT }), { nil: undefined });

describe('the log of changes', () => {
  it('reads the pages that filtering by hand gives, from either end, and counts alike', async () => {
    const { db, log, kept } = setUp();
    const { epoch } = log;
    await fc.assert(
      fc.asyncProperty(
        conditions,
        fc.integer({ min: 0, max: 12 }),
        fc.boolean(),
        place,
        place,
        async (wanted, size, fromEnd, from, to) => {
          const at = (sequence: number | undefined) =>
            sequence === undefined ? undefined : { epoch, sequence };
          const found = await log.read({
            conditions: wanted,
            size,
            fromEnd,
            after: at(from),
            before: at(to),
          });
          const between = kept
            .filter((change) => matches(change, wanted))
            .filter(({ sequence }) => sequence > (from ?? 0) && sequence < (to ?? COUNT + 1));
          const page = fromEnd ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size);
          expect(found.changes.map(({ sequence }) => sequence)).toEqual(page.map(({ sequence }) => sequence));
          const isMore = between.length > size;
          expect(fromEnd ? found.hasPreviousPage : found.hasNextPage).toBe(isMore);
          expect(await log.count(wanted)).toBe(kept.filter((change) => matches(change, wanted)).length);
        },
      ),
      { numRuns: 500 },
    );
    db.close();
  });

  it('refuses places whose changes are gone, or are not there yet', async () => {
    const { db, log } = setUp();
    const read = (epoch: string, sequence: number) =>
      log.read({ conditions: {}, size: 1, fromEnd: false, after: { epoch, sequence }, before: undefined });
    const { epoch } = log;
    await expect(read(epoch, 8)).rejects.toThrow(ChangesExpired);
    expect((await read(epoch, 9)).changes[0]?.sequence).toBe(10);
    expect((await read(epoch, COUNT)).changes).toEqual([]);
    await expect(read(epoch, COUNT + 1)).rejects.toThrow(ChangesExpired);
    await expect(read('other', 20)).rejects.toThrow(ChangesExpired);
    db.close();
  });

  it('never lets times go back, nor uses a number twice', () => {
    const { db, log } = setUp();
    log.add({ kind: 'MERCHANT_ADDED', at: 5, fields: [] });
    expect(log.takeAdded()).toMatchObject([{ at: 1_190, sequence: COUNT + 1 }]);
    log.deleteBefore(9_999);
    const later = new ChangeLog(db);
    later.add({ kind: 'MERCHANT_ADDED', at: 2_000, fields: [] });
    expect(later.takeAdded()).toMatchObject([{ sequence: COUNT + 2 }]);
    db.close();
  });
});
