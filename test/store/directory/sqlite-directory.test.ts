import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, DirectoryIndex, UnitPage } from '../../../src/directory/directory-index.ts';
import { readSearchQuery } from '../../../src/directory/search-query.ts';
import { openSqliteDirectory } from '../../../src/store/directory/sqlite-directory.ts';
import { BROKEN } from '../../../src/upstream/models/broken.ts';
import type { Merchant } from '../../../src/upstream/models/merchant.ts';
import type { SalesUnitDetails } from '../../../src/upstream/models/sales-unit.ts';

const DAY = 86_400_000;
const T0 = 1_800_000_000_000;
const damages: string[] = [];
const open = (file = ':memory:', confirmMs = 0) =>
  openSqliteDirectory({
    file,
    maxAgeMs: DAY,
    changesKeepMs: 86_400_000,
    gapMs: 86_400_000,
    confirmMs,
    onDamage: (reason) => damages.push(reason),
    random: () => 0.5,
  });

const business = (value: string) => ({ scheme: 'business:NO:ORG', value });
const merchantOf = (value: string, name: string): Merchant => ({
  businessIdentifier: business(value),
  name,
  status: 'ACTIVE',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: null,
  countryCode: 'NO',
  businessAddress: null,
  businessPostAddress: null,
});
const details = (msn: string, name: string, org: string, more = {}): SalesUnitDetails => ({
  msn,
  name,
  businessIdentifier: business(org),
  configuration: { captureType: 'ReserveCapture', recurringAllowed: true, ...more } as never,
});
const list = (...msns: string[]) =>
  ({ kind: 'salesUnits', isWhole: true, value: msns.map((msn) => ({ msn, name: `Unit ${msn}` })) }) as const;

const page = (query?: string, more: Partial<UnitPage> = {}): UnitPage => ({
  query: query === undefined ? undefined : readSearchQuery(query),
  conditions: { flags: new Map() },
  order: { field: query === undefined ? 'msn' : 'relevance', descending: false },
  size: 100,
  fromEnd: false,
  after: undefined,
  before: undefined,
  ...more,
});
const msnsOf = async (index: DirectoryIndex, query?: string, more?: Partial<UnitPage>) =>
  (await index.units(page(query, more))).rows.map(({ msn }) => msn);

const folder = mkdtempSync(join(tmpdir(), 'directory-'));
afterEach(() => {
  damages.length = 0;
});

describe('changes', () => {
  const changesOf = (index: DirectoryIndex) =>
    index.changes({ conditions: {}, size: 100, fromEnd: false, after: undefined, before: undefined });
  const known = async (file?: string, confirmMs?: number) => {
    const index = open(file, confirmMs);
    await index.store([{ ...list('1000', '2000'), readAt: T0 }]);
    for (const msn of ['1000', '2000'])
      await index.store([
        { kind: 'salesUnit', msn, value: details(msn, `Unit ${msn}`, '987654321'), readAt: T0 },
      ]);
    const identifier = business('987654321');
    await index.store([
      { kind: 'merchant', identifier, value: merchantOf('987654321', 'Owner'), readAt: T0 },
    ]);
    expect(await index.takeDue(T0 + 1, 10)).toEqual([]);
    return index;
  };

  it('begin when everything is known, with nothing', async () => {
    const index = await known();
    expect(await changesOf(index)).toMatchObject({ changes: [], last: 0, observedSince: T0 + 1 });
    await index.close();
  });

  it('are observed from the end of a pause on, whose difference is told', async () => {
    const index = await known();
    await index.store([{ ...list('1000', '2000'), readAt: T0 + 60_000 }]);
    expect((await changesOf(index)).observedSince).toBe(T0 + 1);
    const renamed = [
      { msn: '1000', name: 'New' },
      { msn: '2000', name: 'Unit 2000' },
    ];
    await index.store([{ ...list(), value: renamed, readAt: T0 + 2 * DAY }]);
    const { changes, observedSince } = await changesOf(index);
    expect(observedSince).toBe(T0 + 2 * DAY);
    expect(changes).toMatchObject([
      {
        kind: 'SALES_UNIT_CHANGED',
        msn: '1000',
        fields: [{ name: 'name', before: 'Unit 1000', after: 'New' }],
      },
    ]);
    await index.close();
  });

  it('tell a removed unit with the name that was told last, and its merchant once the last unit is gone', async () => {
    const index = await known();
    const renamed = [
      { msn: '1000', name: 'New' },
      { msn: '2000', name: 'Unit 2000' },
    ];
    await index.store([{ ...list(), value: renamed, readAt: T0 + 10 }]);
    for (const readAt of [T0 + 20, T0 + 30]) await index.store([{ ...list('2000'), readAt }]);
    for (const readAt of [T0 + 40, T0 + 50]) await index.store([{ ...list(), readAt }]);
    const { changes } = await changesOf(index);
    expect(changes.map(({ kind }) => kind)).toEqual([
      'SALES_UNIT_CHANGED',
      'SALES_UNIT_REMOVED',
      'SALES_UNIT_REMOVED',
      'MERCHANT_REMOVED',
    ]);
    expect(changes[1]?.fields).toContainEqual({ name: 'name', before: 'New', after: null });
    await index.close();
  });

  it('tell no removal before lists lacked it for a while', async () => {
    const index = await known(':memory:', 5_000);
    const kinds = async () => (await changesOf(index)).changes.map(({ kind }) => kind);
    await index.store([{ ...list('2000'), readAt: T0 + 1_000 }]);
    await index.store([{ ...list('2000'), readAt: T0 + 2_000 }]);
    expect(await kinds()).toEqual([]);
    expect(await msnsOf(index)).toEqual(['2000']);
    await index.store([{ ...list('2000'), readAt: T0 + 6_000 }]);
    expect(await kinds()).toEqual(['SALES_UNIT_REMOVED']);
    const orders = (...ids: string[]) =>
      ({
        kind: 'productOrders',
        path: '/orders',
        includeExpired: true,
        isWhole: true,
        value: ids.map((productOrderId) => ({
          productOrderId,
          status: 'RECEIVED',
          businessIdentifier: business('1'),
        })),
      }) as never as Answer;
    for (const [readAt, ids] of [
      [10, ['a', 'b']],
      [11, ['a']],
      [12, ['a']],
      [20, ['a', 'b']],
      [30, ['b']],
      [36, ['b']],
    ] as const)
      await index.store([{ ...orders(...ids), readAt: T0 + readAt * 1_000 }]);
    expect(await kinds()).toEqual(['SALES_UNIT_REMOVED', 'PRODUCT_ORDER_REMOVED']);
    await index.close();
  });

  it('are deleted when they are old, and a cursor before them is refused', async () => {
    const index = await known();
    const before = { epoch: (await changesOf(index)).epoch, sequence: 0 };
    await index.store([
      { ...list(), value: [{ msn: '1000', name: 'New' }], isWhole: false, readAt: T0 + 10 },
    ]);
    expect((await changesOf(index)).last).toBe(1);
    await index.takeDue(T0 + 10 + DAY, 10);
    for (const msn of ['1000', '2000'])
      await index.store([
        { kind: 'salesUnit', msn, value: details(msn, 'New', '987654321'), readAt: T0 + DAY + 20 },
      ]);
    const identifier = business('987654321');
    const owner = merchantOf('987654321', 'Owner');
    await index.store([{ kind: 'merchant', identifier, value: owner, readAt: T0 + DAY + 20 }]);
    await index.takeDue(T0 + DAY + 30, 10);
    const page = { conditions: {}, size: 100, fromEnd: false, before: undefined };
    await expect(index.changes({ ...page, after: before })).rejects.toMatchObject({
      name: 'ChangesExpired',
      oldest: { epoch: before.epoch, sequence: 1 },
    });
    await index.close();
  });

  it('of a file of the first version begin with what it knows', async () => {
    const file = join(folder, 'first-version.sqlite');
    await (await known(file)).close();
    const db = new DatabaseSync(file);
    db.exec(`DROP TABLE changes; DROP TABLE product_orders; DROP TABLE price_packages; DROP INDEX units_by_merchant;
      DROP INDEX units_unconfirmed;
      ALTER TABLE units DROP COLUMN is_shown; ALTER TABLE units DROP COLUMN unconfirmed;
      ALTER TABLE merchants DROP COLUMN is_shown; DELETE FROM meta WHERE key IN ('epoch', 'observedSince');
      PRAGMA user_version = 1;`);
    db.close();
    const index = open(file);
    expect(damages).toEqual([]);
    expect(await msnsOf(index)).toEqual(['1000', '2000']);
    await index.takeDue(T0 + 2, 10);
    await index.store([
      { kind: 'salesUnit', msn: '1000', value: details('1000', 'New', '987654321'), readAt: T0 + 10 },
    ]);
    expect((await changesOf(index)).changes).toMatchObject([{ kind: 'SALES_UNIT_CHANGED', msn: '1000' }]);
    await index.close();
  });
});

describe('the list of units', () => {
  it('adds, keeps, removes and restores units', async () => {
    const index = open();
    await index.store([{ ...list('1000', '2000', '3000'), readAt: T0 }]);
    await index.store([{ ...list('1000', '3000', '4000'), readAt: T0 + 1 }]);
    expect(await msnsOf(index)).toEqual(['1000', '3000', '4000']);
    expect(await index.counts()).toMatchObject({ salesUnits: 3, removedSalesUnits: 1, listReadAt: T0 + 1 });
    await index.store([{ ...list('1000', '2000', '3000', '4000'), readAt: T0 + 2 }]);
    expect(await msnsOf(index)).toEqual(['1000', '2000', '3000', '4000']);
    await index.close();
  });

  it('removes nothing when a row of the list could not be read', async () => {
    const index = open();
    await index.store([{ ...list('1000', '2000'), readAt: T0 }]);
    await index.store([{ ...list('1000'), isWhole: false, readAt: T0 + 1 }]);
    expect(await msnsOf(index)).toEqual(['1000', '2000']);
    await index.close();
  });

  it('finds a unit by its new name only', async () => {
    const index = open();
    const named = (name: string) => ({ ...list(), value: [{ msn: '1000', name }] });
    await index.store([{ ...named('Bakeri'), readAt: T0 }]);
    await index.store([{ ...named('Konditori'), readAt: T0 + 1 }]);
    expect(await msnsOf(index, 'bakeri')).toEqual([]);
    expect(await msnsOf(index, 'konditori')).toEqual(['1000']);
    await index.close();
  });
});

describe('the schedule', () => {
  it('returns new units first, then merchants, then what is old; nothing twice', async () => {
    const index = open();
    await index.store([{ ...list('1000', '2000'), readAt: T0 }]);
    expect(await index.takeDue(T0, 10)).toEqual([
      { kind: 'salesUnit', msn: '1000' },
      { kind: 'salesUnit', msn: '2000' },
    ]);
    expect(await index.takeDue(T0, 10)).toEqual([]);
    const known = (msn: string) =>
      ({ kind: 'salesUnit', msn, value: details(msn, `Unit ${msn}`, '123456785') }) as const;
    await index.store([{ ...known('1000'), readAt: T0 }]);
    expect(await index.takeDue(T0, 10)).toEqual([{ kind: 'merchant', identifier: business('123456785') }]);
    await index.postpone({ kind: 'salesUnit', msn: '2000' }, T0 + 1_000);
    expect(await index.takeDue(T0, 10)).toEqual([]);
    expect(await index.takeDue(T0 + 1_000, 10)).toEqual([{ kind: 'salesUnit', msn: '2000' }]);
    // Before it is a day old: after 0.7 of it here.
    expect(await index.takeDue(T0 + 0.69 * DAY, 10)).toEqual([]);
    expect(await index.takeDue(T0 + 0.71 * DAY, 10)).toEqual([{ kind: 'salesUnit', msn: '1000' }]);
    await index.close();
  });

  it('does not let an older answer replace a newer one', async () => {
    const index = open();
    const at = (name: string, readAt: number) =>
      ({ kind: 'salesUnit', msn: '1000', value: details('1000', name, '123456785'), readAt }) as const;
    await index.store([{ ...list('1000'), readAt: T0 }, at('New', T0 + 2), at('Old', T0 + 1)]);
    expect((await index.salesUnit('1000'))?.value?.name).toBe('New');
    await index.close();
  });

  it('survives a restart: nothing that is stored is due again', async () => {
    const file = join(folder, 'restart.sqlite');
    const before = open(file);
    await before.store([
      { ...list('1000', '2000'), readAt: T0 },
      { kind: 'salesUnit', msn: '1000', value: details('1000', 'Kafé', '123456785'), readAt: T0 },
      {
        kind: 'merchant',
        identifier: business('123456785'),
        value: merchantOf('123456785', 'Ærlig AS'),
        readAt: T0,
      },
    ]);
    await before.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const after = open(file);
    expect(await after.takeDue(T0, 10)).toEqual([{ kind: 'salesUnit', msn: '2000' }]);
    expect(await msnsOf(after, 'kafe aerlig')).toEqual(['1000']);
    expect(await after.counts()).toMatchObject({ salesUnits: 2, knownSalesUnits: 1, knownMerchants: 1 });
    await after.close();
  });
});

describe('a damaged file', () => {
  it.each([
    ['text', (file: string) => writeFileSync(file, 'this is not a database, whatever its name says')],
    ['half of it', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 8_192))],
    [
      'its first page gone',
      (file: string) =>
        writeFileSync(file, Buffer.concat([Buffer.alloc(4_096), readFileSync(file).subarray(4_096)])),
    ],
  ])('is set aside and begun anew: %s', async (name, damage) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.sqlite`);
    const before = open(file);
    await before.store([{ ...list('1000', '2000'), readAt: T0 }]);
    await before.close();
    damage(file);
    const after = open(file);
    expect(damages).toHaveLength(1);
    expect(await after.counts()).toMatchObject({ salesUnits: 0, listReadAt: undefined });
    await after.store([{ ...list('3000'), readAt: T0 }]);
    expect(await msnsOf(after)).toEqual(['3000']);
    await after.close();
    expect(readdirSync(folder)).toContain(`${name.replaceAll(' ', '-')}.sqlite.damaged`);
  });

  it('is not what a second process finds', async () => {
    const file = join(folder, 'shared.sqlite');
    const first = open(file);
    await first.store([{ ...list('1000'), readAt: T0 }]);
    expect(() => open(file)).toThrow(/locked/);
    expect(damages).toEqual([]);
    await first.close();
  });
});

describe('what cannot be read', () => {
  it('is kept as unreadable, and every filter on it finds the unit', async () => {
    const index = open();
    const value = { msn: '1000', name: BROKEN, businessIdentifier: BROKEN, configuration: BROKEN } as const;
    await index.store([
      { kind: 'salesUnits', isWhole: true, value: [{ msn: '1000', name: BROKEN }], readAt: T0 },
      { kind: 'salesUnit', msn: '1000', value, readAt: T0 },
    ]);
    expect((await index.salesUnit('1000'))?.value).toEqual(value);
    const filters = [
      { name: { contains: 'x' } },
      { captureType: ['DirectCapture'] },
      { flags: new Map([['recurringAllowed', true] as const]) },
      { flags: new Map([['recurringAllowed', false] as const]) },
    ];
    for (const filter of filters)
      expect(await msnsOf(index, undefined, { conditions: { flags: new Map(), ...filter } })).toEqual([
        '1000',
      ]);
    await index.close();
  });
});

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

describe('the units of a merchant', () => {
  it('are not told while one of them may be missing', async () => {
    const index = open();
    const known = (msn: string) =>
      ({ kind: 'salesUnit', msn, value: details(msn, msn, '123456785'), readAt: T0 }) as const;
    await index.store([{ ...list('1000', '2000'), readAt: T0 }, known('1000')]);
    expect(await index.merchantSalesUnits(business('123456785'))).toBeUndefined();
    await index.store([known('2000')]);
    const units = await index.merchantSalesUnits(business('123456785'));
    expect(units?.value.map(({ msn }) => msn)).toEqual(['1000', '2000']);
    await index.close();
  });
});
