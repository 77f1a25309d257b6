import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, reduce } from '../../src/directory/fold.ts';
import { isOneTypoApart } from '../../src/directory/one-typo.ts';
import { msnKeyOf, sortKeyOf } from '../../src/directory/sort-key.ts';

describe('folding', () => {
  it.each([
    ['Søstjerne', 'sostjerne'],
    ['ÅRHUS', 'aarhus'],
    ['Søren', 'soeren'],
    ['Kärlek', 'kaerlek'],
    ['Café Łódź', 'cafe lodz'],
  ])('makes %s and %s alike', (left, right) => expect(reduce(fold(left))).toBe(reduce(fold(right))));
});

describe('one typo', () => {
  const letters = [...'abc'];
  /** All that one typo makes of a word, by trying each. */
  const misspelled = (word: string) => {
    const all = new Set<string>();
    for (let at = 0; at <= word.length; at++) {
      all.add(word.slice(0, at) + word.slice(at + 1));
      for (const letter of letters) {
        all.add(word.slice(0, at) + letter + word.slice(at));
        if (at < word.length) all.add(word.slice(0, at) + letter + word.slice(at + 1));
      }
      const [first, second] = [word[at], word[at + 1]];
      if (first && second) all.add(word.slice(0, at) + second + first + word.slice(at + 2));
    }
    all.delete(word);
    return all;
  };

  it('is what one change of a letter makes', () => {
    const word = fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(isOneTypoApart(left, right)).toBe(misspelled(left).has(right));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('sort keys', () => {
  const collator = new Intl.Collator('nb');
  const names = [
    'Ås',
    'Aas',
    'Asker',
    'Ærlig',
    'Ørn',
    'Öst',
    'Zoo',
    'Åpen',
    'åpen',
    'Kafé Oslo',
    'Kafe & Bar',
    'Kafe 10',
    'Kafe 2',
    '7-Eleven',
    'Über',
    'Yt',
    'Aarhus',
    'Århus',
    'Bäck',
    'Østerbro',
    'Oslo',
    'Łódź',
    'Lodz',
    "O'Hara",
  ];

  it('sort as Norwegian does, where they differ', () => {
    for (const left of names)
      for (const right of names) {
        const [leftKey, rightKey] = [sortKeyOf(left), sortKeyOf(right)];
        if (leftKey === rightKey) continue;
        expect([left, right, leftKey < rightKey]).toEqual([left, right, collator.compare(left, right) < 0]);
      }
  });

  it('sort shorter numbers first', () =>
    expect(['100000', '99999', '1234567890'].sort((a, b) => (msnKeyOf(a) < msnKeyOf(b) ? -1 : 1))).toEqual([
      '99999',
      '100000',
      '1234567890',
    ]));
});
