import { fold, reduce, wordsOf } from '../../../src/directory/fold.ts';
import { searchFlags } from '../../../src/directory/search-query.ts';
import { createSeededRandom } from '../../../src/sandbox/data/seeded-random.ts';
import { type BusinessIdentifier, businessKey } from '../../../src/upstream/models/identifiers.ts';
import type { KnownUnit } from './world-directory.ts';

/** What a person types who looks for one unit. */
export interface Search {
  readonly kind: string;
  readonly query: string;
  /** Numbers of the units that are right: those that cannot be told apart by what the person knows, 20 at most. */
  readonly right: ReadonlySet<string>;
}

/** Whoever searches sees the first page. */
const PAGE = 20;
const random = createSeededRandom(7);
const pick = <T>(items: readonly T[], stream: string, at: number) =>
  items[random.below(items.length, stream, at)] as T;

/** One letter wrong, missing, extra, or swapped with the next. The first is right, as it nearly always is. */
function misspelled(word: string, at: number): string {
  const letters = [...word];
  const place = 1 + random.below(letters.length - 2, 'place', at);
  const other = pick([...'abdefgiklmnoprstuv'], 'letter', at);
  const [letter = '', next = ''] = [letters[place], letters[place + 1]];
  switch (random.below(4, 'typo', at)) {
    case 0:
      letters.splice(place, 1, other === letter ? 'x' : other);
      break;
    case 1:
      letters.splice(place, 1);
      break;
    case 2:
      letters.splice(place, 0, other);
      break;
    default:
      letters.splice(place, 2, next, letter === next ? 'x' : letter);
  }
  return letters.join('');
}

/** As people write on a keyboard without the letters: `aa` or `a` for å, `oe` or `o` for ø and ö, `ae` or `a` for æ and ä. */
const asAscii = (text: string, isLong: boolean) =>
  text
    .replaceAll(/å/gi, isLong ? 'aa' : 'a')
    .replaceAll(/[øö]/gi, isLong ? 'oe' : 'o')
    .replaceAll(/[æä]/gi, isLong || text.includes('æ') ? 'ae' : 'a')
    .toLowerCase();

const grouped = (digits: string, ...sizes: number[]) => {
  const parts: string[] = [];
  let at = 0;
  for (const size of sizes) {
    parts.push(digits.slice(at, at + size));
    at += size;
  }
  return [...parts, digits.slice(at)].filter(Boolean).join(' ');
};

const known = (unit: KnownUnit) => ({
  msn: unit.details.msn,
  name: String(unit.details.name),
  merchant: String(unit.merchant.name),
  identifier: unit.details.businessIdentifier as BusinessIdentifier,
});

/** Returns what someone types who looks for this unit; undefined when this kind of search cannot find it. */
const kinds: Record<string, (unit: KnownUnit, at: number) => string | undefined> = {
  words: (unit) => {
    const { name, merchant } = known(unit);
    return [...merchant.split(' ').slice(1), ...name.split(' ').reverse()].join(' ');
  },
  prefixes: (unit) => {
    const { name, merchant } = known(unit);
    const words = [...name.split(' '), merchant.split(' ')[2] ?? ''].filter(Boolean);
    return words.map((word) => word.slice(0, Math.max(3, Math.ceil(word.length * 0.6)))).join(' ');
  },
  substrings: (unit, at) => {
    const { name, merchant } = known(unit);
    const words = [...name.split(' '), merchant.split(' ')[2] ?? ''].filter(Boolean);
    const long = words.findIndex((word) => word.length >= 8);
    if (long < 0) return undefined;
    const from = 2 + random.below(2, 'inside', at);
    return words.map((word, index) => (index === long ? word.slice(from, from + 5) : word)).join(' ');
  },
  typos: (unit, at) => {
    const { name, merchant } = known(unit);
    const words = [...name.split(' '), merchant.split(' ')[2] ?? ''].filter(Boolean);
    const long = words.flatMap((word, index) => (word.length >= 5 ? [index] : []));
    if (long.length === 0) return undefined;
    const wrong = pick(long, 'wrong', at);
    return words.map((word, index) => (index === wrong ? misspelled(word, at) : word)).join(' ');
  },
  ascii: (unit, at) => {
    const { name, merchant } = known(unit);
    const text = `${name} ${merchant.split(' ')[2] ?? ''}`;
    return /[æøåäö]/i.test(text) ? asAscii(text, at % 2 === 0) : undefined;
  },
  numbers: (unit, at) => {
    const { msn, identifier } = known(unit);
    const digits = identifier.value.replaceAll('-', '');
    const country = identifier.scheme.slice(9, 11);
    const ways = [
      msn,
      grouped(msn, 3, 3),
      `msn:${msn}`,
      msn.slice(1),
      digits,
      grouped(digits, 3, 3),
      `${country} ${grouped(digits, 3, 3)}${country === 'NO' ? ' MVA' : ''}`,
      `${country}${identifier.value}`,
      `org:${identifier.value}`,
    ];
    return ways[at % ways.length];
  },
  qualifiers: (unit, at) => {
    const { name, merchant } = known(unit);
    const flag = (Object.entries(searchFlags) as [string, string][]).find(
      ([, field]) => (unit.details.configuration as Record<string, unknown>)[field] === true,
    )?.[0];
    const [first = ''] = name.split(' ').slice(-1);
    const ways = [
      `merchant:"${merchant}" name:${first}`,
      flag ? `merchant:"${merchant}" is:${flag} ${first}` : undefined,
      `"${name}" merchant:${merchant.split(' ')[2] ?? merchant.split(' ')[0]}`,
      `Name:${first} Merchant:"${merchant.toUpperCase()}"`,
    ];
    return ways[at % ways.length];
  },
};

/** Returns searches of every kind, `each` of a kind, with what they should find among these units. */
export function searchSet(units: readonly KnownUnit[], each: number): Search[] {
  const folded = (text: string) => reduce(fold(text));
  const texts = units.map((unit) => {
    const { name, merchant } = known(unit);
    return ` ${wordsOf(folded(`${name} ${merchant}`)).join(' ')} `;
  });
  const byWords = (words: readonly string[]) =>
    units.flatMap(({ details }, at) =>
      words.every((word) => texts[at]?.includes(` ${word} `)) ? [details.msn] : [],
    );
  const searches: Search[] = [];
  for (const [kind, queryOf] of Object.entries(kinds)) {
    let found = 0;
    for (let at = 0; found < each; at++) {
      const unit = pick(units, kind, at);
      const query = queryOf(unit, at);
      if (query === undefined) continue;
      const { msn, name, merchant, identifier } = known(unit);
      const isOfNumber = kind === 'numbers';
      const key = businessKey(identifier);
      const right = !isOfNumber
        ? // All that have the words which the person has in mind, in whatever way they are typed.
          byWords(wordsOf(folded(`${name} ${merchant.split(' ')[2] ?? ''}`)))
        : at % 9 < 4
          ? [msn]
          : units.flatMap(({ details, merchant: owner }) =>
              businessKey(owner.businessIdentifier as BusinessIdentifier) === key ? [details.msn] : [],
            );
      if (right.length > PAGE) continue;
      found++;
      searches.push({ kind, query, right: new Set(right) });
    }
  }
  return searches;
}
