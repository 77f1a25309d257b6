import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fold, reduce, spellings, wordsOf } from '../../directory/fold.ts';
import { isOneTypoApart } from '../../directory/one-typo.ts';
import type { SearchField, SearchTerm } from '../../directory/search-query.ts';

/** The words of an object by the field that they are found by. */
export type Words = Partial<Record<SearchField, string>>;

/** Stands between the spellings of a text, so that no phrase reaches from one into the other. */
const BETWEEN = ' 0between0 ';

/** Returns what a full-text index stores of a text: its words in each of their spellings. */
export const indexed = (text: string | undefined): string => (text ? spelled(foldedText(text)) : '');

/** As {@link indexed}, of a text that is folded already. */
export function spelled(folded: string): string {
  const reduced = reduce(folded);
  return folded === reduced ? folded : folded + BETWEEN + reduced;
}

/** Returns what the index stores of a number in a register: its digits. */
export const indexedNumber = (value: string): string => value.replaceAll(/\D/g, '');

/** Words of the index that a word of a query may mean. */
interface Meant {
  /** Every word that begins with one of these. */
  readonly prefixes: readonly string[];
  /** Exactly these. */
  readonly words: readonly string[];
}

/** A term of a query with what it may mean. */
export interface ExpandedTerm extends SearchTerm {
  readonly meant: Meant;
}

/** Substrings and typos are looked for in words of at least this length, or nearly everything would match. */
const SHORTEST_INSIDE = 2;
const SHORTEST_TYPO = 4;
/** More words than these are too many to search for, and would match nearly everything. */
const MOST_MEANT = 200;
const DIGITS = /^\d+$/;
const SHORTEST_NUMBER = 3;

/** The words of one full-text table. */
export interface WordSource {
  /** The table of its vocabulary. */
  readonly vocabulary: string;
  /** Selects the numbers in it, as `number`. */
  readonly numbers: string;
}

/** Finds which words of the index the words of a query may mean. */
export class Vocabulary {
  readonly #startsWith: readonly StatementSync[];
  readonly #terms: readonly StatementSync[];
  readonly #numbers: readonly StatementSync[];
  #words: Set<string> | undefined;
  /** All numbers in one text, a line each. */
  #numberText: string | undefined;

  constructor(db: DatabaseSync, sources: readonly WordSource[]) {
    const prepare = (sqlOf: (source: WordSource) => string) =>
      sources.map((source) => db.prepare(sqlOf(source)));
    this.#startsWith = prepare(
      ({ vocabulary }) => `SELECT 1 FROM ${vocabulary} WHERE term >= ? AND term < ? LIMIT 1`,
    );
    // Digits sort before this character.
    this.#terms = prepare(({ vocabulary }) => `SELECT term FROM ${vocabulary} WHERE term > ':'`);
    this.#numbers = prepare(
      ({ numbers }) => `SELECT group_concat(number, char(10)) AS text FROM (${numbers})`,
    );
  }

  /** Notes words that the index has been given. Those that it lost may stay: they find nothing. */
  add(text: string): void {
    if (!this.#words) return;
    for (const word of text.split(' ')) if (word && !DIGITS.test(word)) this.#words.add(word);
  }

  /** Notes a number that the index has been given. */
  addNumber(number: string): void {
    if (this.#numberText !== undefined) this.#numberText += `${number}\n`;
  }

  /** Forgets what it has noted, after a change that was undone. */
  clear(): void {
    this.#words = undefined;
    this.#numberText = undefined;
  }

  /**
   * Returns each term with what it may mean: words that begin with it; if there are none, words that contain it; if there
   * are none, words that are one typo away. `wide`: all of these together.
   */
  expand(terms: readonly SearchTerm[], wide: boolean): ExpandedTerm[] {
    return terms.map((term) => {
      const [word = ''] = term.words;
      const meant = term.isPhrase ? { prefixes: [], words: [] } : this.#meantBy(word, wide);
      return { ...term, meant };
    });
  }

  #meantBy(word: string, wide: boolean): Meant {
    const prefixes = spellings(word);
    if (!wide && prefixes.some((prefix) => this.#hasPrefix(prefix))) return { prefixes, words: [] };
    if (DIGITS.test(word)) {
      return { prefixes, words: word.length >= SHORTEST_NUMBER ? this.#numbersWith(word) : [] };
    }
    const inside =
      word.length >= SHORTEST_INSIDE
        ? this.#like((known) => prefixes.some((part) => known.includes(part)))
        : [];
    if (inside.length > 0 && !wide) return { prefixes, words: inside };
    const typos = word.length >= SHORTEST_TYPO ? this.#like((known) => isMisspelled(prefixes, known)) : [];
    return { prefixes, words: [...inside, ...typos].slice(0, MOST_MEANT) };
  }

  /** Reads all words and numbers, which the first search for a part of one would otherwise do. */
  load(): void {
    this.#allWords();
    this.#allNumbers();
  }

  #allNumbers(): string {
    this.#numberText ??= `\n${this.#allOf(this.#numbers)
      .map(({ text }) => text ?? '')
      .join('\n')}\n`;
    return this.#numberText;
  }

  #allWords(): ReadonlySet<string> {
    this.#words ??= new Set(this.#allOf(this.#terms).map(({ term }) => String(term)));
    return this.#words;
  }

  #numbersWith(digits: string): string[] {
    const text = this.#allNumbers();
    const found: string[] = [];
    for (let at = text.indexOf(digits); at >= 0 && found.length < MOST_MEANT; ) {
      const end = text.indexOf('\n', at);
      found.push(text.slice(text.lastIndexOf('\n', at) + 1, end));
      at = text.indexOf(digits, end);
    }
    return found;
  }

  #hasPrefix(prefix: string): boolean {
    return this.#startsWith.some((statement) => statement.get(prefix, `${prefix}\u{10ffff}`) !== undefined);
  }

  #allOf(statements: readonly StatementSync[]) {
    return statements.flatMap((statement) => statement.all());
  }

  #like(isMeant: (word: string) => boolean): string[] {
    const found: string[] = [];
    for (const word of this.#allWords()) {
      if (!isMeant(word)) continue;
      found.push(word);
      if (found.length === MOST_MEANT) break;
    }
    return found;
  }
}

/** Whether a word of the index, or its beginning, is one typo away. */
function isMisspelled(written: readonly string[], known: string): boolean {
  return written.some((word) => {
    if (known.length < word.length - 1 || !mayBeTypo(word, known)) return false;
    for (let length = word.length - 1; length <= word.length + 1; length++)
      if (isOneTypoApart(word, known.slice(0, length))) return true;
    return false;
  });
}

/** Rules out most words by their first two letters: with one typo, at least one of them is where it was, or next to it. */
const mayBeTypo = (word: string, known: string) =>
  word[0] === known[0] || word[1] === known[1] || word[0] === known[1] || word[1] === known[0];

const quote = (text: string) => `"${text}"`;

/** Returns the expression of FTS5 for a term, in one of the columns or in any. */
export function termExpression({ isPhrase, words, meant }: ExpandedTerm, column?: string): string {
  const any = isPhrase
    ? spellings(words.join(' ')).map(quote).join(' OR ')
    : [...meant.prefixes.map((prefix) => `${quote(prefix)}*`), ...meant.words.map(quote)].join(' OR ');
  return column ? `{${column}} : (${any})` : any;
}

/** Returns the term as whole words, for what should come first. */
export const asWholeWords = (term: SearchTerm): ExpandedTerm => ({
  ...term,
  meant: { prefixes: [], words: term.words.flatMap(spellings) },
});

/** Returns the fields of an object in which a term is found. */
export function fieldsWith(terms: readonly ExpandedTerm[], texts: Words): SearchField[] {
  const fields = Object.keys(texts) as SearchField[];
  return fields.filter((field) =>
    terms.some((term) => (!term.field || term.field === field) && isFound(term, texts, field)),
  );
}

/** Whether a term is found in a field of an object, or in any. */
export function isFound(term: ExpandedTerm, texts: Words, field?: SearchField): boolean {
  const searched = field ? [texts[field]] : Object.values(texts);
  return searched.some((text) => text !== undefined && isIn(term, text.split(' ')));
}

function isIn({ isPhrase, words: phrase, meant }: ExpandedTerm, words: readonly string[]): boolean {
  if (isPhrase)
    return spellings(phrase.join(' ')).some((text) => ` ${words.join(' ')} `.includes(` ${text} `));
  return words.some(
    (word) => meant.prefixes.some((prefix) => word.startsWith(prefix)) || meant.words.includes(word),
  );
}

/** Returns a text as columns for comparisons without case have it. */
export const lowerOf = (text: string): string => text.normalize().toLowerCase();

/** Returns a text as it is compared with a whole query. */
export const foldedText = (text: string): string => wordsOf(fold(text)).join(' ');
