import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryIndex, UnitConditions, UnitPage } from '../../../src/directory/directory-index.ts';
import { readSearchQuery } from '../../../src/directory/search-query.ts';
import { msnKeyOf, sortKeyOf } from '../../../src/directory/sort-key.ts';
import { textTest } from '../../../src/resolvers/text-filter.ts';
import { openSqliteDirectory } from '../../../src/store/directory/sqlite-directory.ts';

// A few names, so that several units share one.
const names = ['Åsen Kafé', 'Kafe Oslo', 'Ærlig Bakeri', 'Søstjerne', 'kafe oslo', 'Zoo 2', 'Zoo 10'];
const merchantNames = ['Ørn AS', 'Aas & Sønn', 'Bakeri Oy'];
const captures = ['ReserveCapture', 'DirectCapture', undefined] as const;

interface Unit {
  readonly msn: string;
  readonly name: string;
  readonly merchant: number | undefined;
  readonly captureType: (typeof captures)[number];
  readonly recurringAllowed: boolean | undefined;
}
const unit = fc.record({
  msn: fc.integer({ min: 1_000, max: 200_000 }).map(String),
  name: fc.constantFrom(...names),
  merchant: fc.constantFrom(0, 1, 2, undefined),
  captureType: fc.constantFrom(...captures),
  recurringAllowed: fc.constantFrom(true, false, undefined),
});
const units = fc.uniqueArray(unit, { selector: ({ msn }) => msn, maxLength: 40 });
const conditions = fc.record(
  {
    msn: fc.record({ startsWith: fc.constantFrom('1', '10', '9') }),
    name: fc.constantFrom(
      { contains: 'KAFE' },
      { equals: 'Kafe Oslo' },
      { startsWith: 'å' },
      { in: ['Zoo 2', 'x'] },
    ),
    merchantName: fc.constantFrom({ contains: 'as' }, { equals: 'Ørn AS' }),
    captureType: fc.constantFrom(['ReserveCapture'], ['ReserveCapture', 'DirectCapture'], []),
    recurring: fc.boolean(),
  },
  { requiredKeys: [] },
);

const business = (merchant: number) => ({ scheme: 'business:NO:ORG', value: `90000000${merchant}` });

async function fill(all: readonly Unit[]): Promise<DirectoryIndex> {
  const index = openSqliteDirectory({
    file: ':memory:',
    maxAgeMs: 86_400_000,
    changesKeepMs: 86_400_000,
    gapMs: 86_400_000,
    confirmMs: 0,
    onDamage: () => {},
  });
  const readAt = Date.now();
  await index.store([
    { kind: 'salesUnits', isWhole: true, value: all.map(({ msn, name }) => ({ msn, name })), readAt },
    ...all.map(
      ({ msn, name, merchant, captureType, recurringAllowed }) =>
        ({
          kind: 'salesUnit',
          msn,
          value:
            merchant === undefined
              ? null
              : {
                  msn,
                  name,
                  businessIdentifier: business(merchant),
                  configuration: { captureType, recurringAllowed } as never,
                },
          readAt,
        }) as const,
    ),
    ...merchantNames.map(
      (name, merchant) =>
        ({
          kind: 'merchant',
          identifier: business(merchant),
          value: {
            businessIdentifier: business(merchant),
            name,
            countryCode: 'NO',
            status: 'ACTIVE',
          } as never,
          readAt,
        }) as const,
    ),
  ]);
  return index;
}

const nameOfMerchant = ({ merchant }: Unit) => (merchant === undefined ? undefined : merchantNames[merchant]);

const orders: Record<string, (unit: Unit) => readonly string[]> = {
  msn: ({ msn }) => [msnKeyOf(msn)],
  name: ({ msn, name }) => [sortKeyOf(name), msnKeyOf(msn)],
  merchantName: (unit) => [
    sortKeyOf(nameOfMerchant(unit) ?? '\u{10ffff}'),
    sortKeyOf(unit.name),
    msnKeyOf(unit.msn),
  ],
};
const compare = (left: readonly string[], right: readonly string[]) => {
  for (const [at, part] of left.entries()) if (part !== right[at]) return part < (right[at] ?? '') ? -1 : 1;
  return 0;
};

describe('pages of units', () => {
  it('are what filtering and sorting everything by hand gives, in any order, from both ends', {
    timeout: 60_000,
  }, async () => {
    const run = fc.asyncProperty(
      units,
      conditions,
      fc.constantFrom('msn', 'name', 'merchantName'),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 7 }),
      async (all, filter, field, descending, fromEnd, size) => {
        const index = await fill(all);
        const { recurring, ...rest } = filter;
        const given: UnitConditions = {
          ...rest,
          flags: new Map(recurring === undefined ? [] : [['recurringAllowed', recurring]]),
        };
        const expected = all
          .filter(({ msn }) => textTest(filter.msn)(msn))
          .filter(({ name }) => textTest(filter.name)(name))
          .filter((one) => {
            const name = nameOfMerchant(one);
            return !filter.merchantName || (name !== undefined && textTest(filter.merchantName)(name));
          })
          .filter(
            ({ captureType, merchant }) =>
              !filter.captureType ||
              (merchant !== undefined &&
                captureType !== undefined &&
                (filter.captureType as readonly string[]).includes(captureType)),
          )
          .filter(
            ({ recurringAllowed, merchant }) =>
              recurring === undefined || (merchant !== undefined && recurringAllowed === recurring),
          )
          .sort((left, right) => compare(orders[field]?.(left) ?? [], orders[field]?.(right) ?? []))
          .map(({ msn }) => msn);
        if (descending) expected.reverse();

        const found: string[] = [];
        let cursor: readonly string[] | undefined;
        for (let pages = 0; pages < 50; pages++) {
          const request: UnitPage = {
            query: undefined,
            conditions: given,
            order: { field: field as 'msn', descending },
            size,
            fromEnd,
            after: fromEnd ? undefined : cursor,
            before: fromEnd ? cursor : undefined,
          };
          const page = await index.units(request);
          expect(page.totalCount).toBe(expected.length);
          const msns = page.rows.map(({ msn }) => msn);
          if (fromEnd) found.unshift(...msns);
          else found.push(...msns);
          expect(fromEnd ? page.hasNextPage : page.hasPreviousPage).toBe(pages > 0);
          cursor = (fromEnd ? page.rows[0] : page.rows.at(-1))?.key;
          if (!(fromEnd ? page.hasPreviousPage : page.hasNextPage)) break;
        }
        expect(found).toEqual(expected);

        const { flags, captureType } = await index.facets({ query: undefined, conditions: given });
        const isSelected = new Set(expected);
        const selected = all.filter(({ msn }) => isSelected.has(msn));
        const reserve = selected.filter(
          (one) => one.merchant !== undefined && one.captureType === 'ReserveCapture',
        );
        expect(captureType.get('ReserveCapture') ?? 0).toBe(reserve.length);
        const isRecurring = selected.filter(
          (one) => one.merchant !== undefined && one.recurringAllowed === true,
        );
        expect(flags.get('recurringAllowed')?.get(true) ?? 0).toBe(isRecurring.length);
        await index.close();
      },
    );
    await fc.assert(run, { numRuns: 150 });
  });

  it('keep their place while rows come and go', async () => {
    const all = Array.from({ length: 30 }, (_, at) => ({
      msn: String(1_000 + 10 * at),
      name: names[at % names.length] ?? '',
      merchant: 0,
      captureType: undefined,
      recurringAllowed: undefined,
    }));
    const index = await fill(all);
    const request = (after?: readonly string[]): UnitPage => ({
      query: readSearchQuery('a'),
      conditions: { flags: new Map() },
      order: { field: 'relevance', descending: false },
      size: 5,
      fromEnd: false,
      after,
      before: undefined,
    });
    const first = await index.units(request());
    const rest = (await index.units({ ...request(first.rows.at(-1)?.key), size: 100 })).rows;
    const gone = [first.rows.at(-1)?.msn, rest[3]?.msn];
    const left = all.filter(({ msn }) => !gone.includes(msn));
    await index.store([
      {
        kind: 'salesUnits',
        isWhole: true,
        value: left.map(({ msn, name }) => ({ msn, name })),
        readAt: Date.now(),
      },
    ]);
    const after = await index.units({ ...request(first.rows.at(-1)?.key), size: 100 });
    expect(after.rows.map(({ msn }) => msn)).toEqual(
      rest.map(({ msn }) => msn).filter((msn) => !gone.includes(msn)),
    );
    expect(after.hasPreviousPage).toBe(true);
    await index.close();
  });
});
