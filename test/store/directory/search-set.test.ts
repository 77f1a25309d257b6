import { afterAll, describe, expect, it } from 'vitest';
import { readSearchQuery } from '../../../src/directory/search-query.ts';
import { searchSet } from './search-set.ts';
import { directoryOf, knownUnits } from './world-directory.ts';

// A fifth of the size that bench/directory/searches.ts measures.
const units = knownUnits(20_000);
const index = await directoryOf(units);
afterAll(() => index.close());
const searches = searchSet(units, 45);

const page = (query: string, field: 'relevance' | 'msn' = 'relevance') => ({
  query: readSearchQuery(query),
  conditions: { flags: new Map() },
  order: { field, descending: false },
  size: 20,
  fromEnd: false,
  after: undefined,
  before: undefined,
});
const firstPage = async (query: string) => (await index.units(page(query))).rows;

describe('searches with known answers', () => {
  it('are more than 300, of seven kinds, of which the first page answers 98 %', async () => {
    expect(searches.length).toBeGreaterThanOrEqual(300);
    expect(new Set(searches.map(({ kind }) => kind)).size).toBe(7);
    const missed: string[] = [];
    for (const { kind, query, right } of searches) {
      const rows = await firstPage(query);
      if (!rows.some(({ msn }) => right.has(msn))) missed.push(`${kind}: ${query}`);
    }
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(searches.length * 0.02);
  });

  it('tell where each result matches', async () => {
    const silent: string[] = [];
    for (const { query } of searches)
      for (const { msn, matchedOn } of await firstPage(query))
        if (matchedOn.length === 0) silent.push(`${query}: ${msn}`);
    expect(silent).toEqual([]);
  });
});

describe('words of which many rows have one', () => {
  it.each(['teater', 'kaffe', 'oslo as', 'name:teater merchant:bergen', '"bodø lufthavn" teater', 'tea osl'])(
    'find the rows that their texts say: %s',
    async (query) => {
      // By hand, of the words as they are: each must begin a word of the text that it is looked for in.
      const { terms } = readSearchQuery(query);
      const wordsOf = (text: unknown) =>
        String(text)
          .toLowerCase()
          .normalize('NFKD')
          .replaceAll(/\p{M}/gu, '')
          .replaceAll('ø', 'o')
          .replaceAll('æ', 'ae')
          .split(/[^\p{L}\p{N}]+/u);
      const isIn = (words: readonly string[], term: (typeof terms)[number]) =>
        term.isPhrase
          ? ` ${words.join(' ')} `.includes(` ${term.words.join(' ')} `)
          : words.some((word) => word.startsWith(term.words[0] ?? ''));
      const expected = units.filter(({ details, merchant }) => {
        const texts = { name: wordsOf(details.name), merchant: wordsOf(merchant.name) };
        return terms.every(({ field, ...term }) =>
          field === 'name' || field === 'merchant'
            ? isIn(texts[field], term)
            : isIn(texts.name, term) || isIn(texts.merchant, term),
        );
      });
      expect(expected.length).toBeGreaterThan(20);
      const { totalCount } = await index.units(page(query, 'msn'));
      expect(totalCount).toBe(expected.length);
    },
  );

  it('find no merchant by the number of a unit', async () => {
    const found = await index.merchants({
      ...page('msn:123456'),
      conditions: {},
      order: { field: 'name', descending: false },
    });
    expect(found.totalCount).toBe(0);
  });
});
