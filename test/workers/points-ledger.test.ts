import { expect, it } from 'vitest';
import { PointsLedger } from '../../src/workers/primary/points-ledger.ts';
import type { PointsReturned } from '../../src/workers/protocol.ts';

const need = (points: number, most = 1_000) => [{ key: 'tenant', most, points }];
const nothing = async (): Promise<PointsReturned[][]> => [];

it('grants blocks that shrink as the rest does, and never more than there is', async () => {
  const ledger = new PointsLedger(() => 2, nothing);
  let granted = 0;
  let last = Number.POSITIVE_INFINITY;
  for (;;) {
    const { granted: points } = await ledger.take(need(1));
    if (!points) break;
    expect(points[0]).toBeLessThanOrEqual(last);
    last = points[0] ?? 0;
    granted += last;
  }
  expect(granted).toBe(1_000);
});

it('calls points back before it refuses, and tells whether to wait for running operations', async () => {
  let returned: PointsReturned = { points: 0, minute: 0, reserved: 300 };
  const ledger = new PointsLedger(
    () => 1,
    async () => [[returned]],
  );
  const first = await ledger.take(need(1_000));
  const minute = first.minutes[0]?.minute ?? 0;
  expect(await ledger.take(need(250))).toMatchObject({ granted: undefined, mayFit: true });
  expect(await ledger.take(need(350))).toMatchObject({ granted: undefined, mayFit: false });
  returned = { points: 400, minute, reserved: 0 };
  expect((await ledger.take(need(350))).granted?.[0]).toBeGreaterThanOrEqual(350);
});

it('takes nothing back for a minute that is over', async () => {
  const ledger = new PointsLedger(() => 1, nothing);
  await ledger.take(need(1_000));
  ledger.giveBack('tenant', 500, 12_345);
  expect((await ledger.take(need(1))).granted).toBeUndefined();
});

it('takes from all owners or from none', async () => {
  const ledger = new PointsLedger(() => 1, nothing);
  const both = [
    { key: 'caller', most: 1_000, points: 10 },
    { key: 'tenant', most: 5, points: 10 },
  ];
  expect(await ledger.take(both)).toMatchObject({ granted: undefined, short: 1 });
  expect((await ledger.take([{ key: 'caller', most: 1_000, points: 1_000 }])).granted).toEqual([1_000]);
});
