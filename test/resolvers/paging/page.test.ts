import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadUserInput } from '../../../src/resolvers/errors.ts';
import { compareText } from '../../../src/resolvers/paging/compare-text.ts';
import { cutPage, type Page } from '../../../src/resolvers/paging/page.ts';
import { type PageArguments, readPage } from '../../../src/resolvers/paging/page-request.ts';
import type { SortOrder } from '../../../src/resolvers/paging/sort-order.ts';
import { UpstreamContractError } from '../../../src/upstream/errors.ts';
import { unboundedWork } from '../../support/unbounded-work.ts';

interface Item {
  readonly name: string;
  readonly tag: number;
}

const byName: SortOrder<Item> = {
  name: 'name',
  parts: 1,
  key: ({ name }) => [name],
  compare: ([left = ''], [right = '']) => compareText(left, right),
};

const page = async (rows: readonly (Item | UpstreamContractError)[], args: PageArguments) =>
  cutPage(rows, readPage(byName, args, 1000), unboundedWork);

// Few names, so that many rows are alike; some rows that cannot be read.
const rowsOf = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ name: fc.constantFrom('a', 'b', 'c', 'ø'), tag: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.constant(0).map(() => new UpstreamContractError('broken', { route: 'GET /' })),
    },
  ),
  { maxLength: 40 },
);

describe('pages', () => {
  it('give each row exactly once, whatever the list and the size, forwards', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.integer({ min: 1, max: 7 }), async (rows, first) => {
        const seen: unknown[] = [];
        let after: string | null = null;
        for (;;) {
          const { edges, pageInfo, totalCount }: Page<Item> = await page(rows, { first, after });
          expect(totalCount).toBe(rows.length);
          expect(pageInfo.hasPreviousPage).toBe(after !== null);
          seen.push(...edges.map(({ node }) => node));
          if (!pageInfo.hasNextPage) break;
          after = pageInfo.endCursor;
        }
        expect(seen).toHaveLength(rows.length);
        expect(new Set(seen)).toEqual(new Set(rows));
      }),
    );
  });

  it('give each row exactly once backwards, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.integer({ min: 1, max: 7 }), async (rows, last) => {
        const all = (await page(rows, { first: 1000 })).edges.map(({ node }) => node);
        const seen: unknown[] = [];
        let before: string | null = null;
        for (;;) {
          const { edges, pageInfo }: Page<Item> = await page(rows, { last, before });
          seen.unshift(...edges.map(({ node }) => node));
          if (!pageInfo.hasPreviousPage) break;
          before = pageInfo.startCursor;
        }
        expect(seen).toEqual(all);
      }),
    );
  });

  it('stay in place when the row of the cursor is gone', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((name, tag) => ({ name, tag }));
    const { pageInfo } = await page(rows, { first: 2 });
    const shorter = rows.filter(({ name }) => name !== 'b');
    expect(
      (await page(shorter, { first: 2, after: pageInfo.endCursor })).edges.map(({ node }) => node.name),
    ).toEqual(['c', 'd']);
  });

  it('have cursors around an empty page that are null', async () => {
    const { edges, totalCount, pageInfo } = await page([], { first: 5 });
    expect({ edges, totalCount, pageInfo }).toEqual({
      edges: [],
      totalCount: 0,
      pageInfo: { startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false },
    });
  });

  it('hold fifty rows unless told', async () => {
    const rows = Array.from({ length: 60 }, (_, tag) => ({ name: `${tag}`, tag }));
    expect((await page(rows, {})).edges).toHaveLength(50);
  });

  it('refuse any text that is no cursor of this list', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        async (after) => {
          await expect(page([], { after })).rejects.toThrow(BadUserInput);
        },
      ),
    );
  });
});
