/** Letters that Unicode does not take apart into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  ß: 'ss',
  ð: 'd',
  đ: 'd',
  þ: 'th',
  ł: 'l',
};
const SPECIAL = /[æøœßðđþł]/g;
const MARKS = /\p{M}+/gu;
/** How people write å, æ, ä, ø and ö on a keyboard without them. */
const DIGRAPHS = /aa|ae|oe/g;

/** Returns the text in lower-case base letters: `Ærlig Åse` becomes `aerlig ase`. */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter);

/** Returns folded text with one letter for `aa`, `ae` and `oe`, so that `aarhus` and `århus`, `soeren` and `søren` are alike. */
export const reduce = (folded: string): string => folded.replace(DIGRAPHS, ([first = '']) => first);

const WORD = /[\p{L}\p{N}]+/gu;

/** Returns the words of folded text. */
export const wordsOf = (folded: string): string[] => folded.match(WORD) ?? [];

/** Returns a word in each of its spellings: as it is, and with one letter for two. */
export const spellings = (word: string): readonly string[] => [...new Set([word, reduce(word)])];
