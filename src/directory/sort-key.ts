/** The last letters of the Norwegian alphabet, each with the letters that sort like it, as characters after z. */
const LAST: Readonly<Record<string, string>> = {
  æ: '{',
  ä: '{',
  ø: '|',
  ö: '|',
  œ: '|',
  å: '}',
  ü: 'y',
  ß: 'ss',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
};
const LAST_LETTERS = /aa|[æäøöœåüßđðþł]/g;
const MARKS = /\p{M}+/gu;
/** What sorts before digits, although some of it has a higher code point. */
const SIGNS = /[\p{P}\p{S}]/gu;

/**
 * Returns a text whose code points sort as the Norwegian alphabet does: signs, digits, letters, and at the end æ, ø and å.
 * `aa` is å there. Names that differ only in case or accents have the same key.
 */
export const sortKeyOf = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFC')
    .replace(LAST_LETTERS, (letter) => (letter === 'aa' ? '}' : (LAST[letter] ?? letter)))
    .replace(/[^{|}]+/g, (rest) => rest.normalize('NFD').replace(MARKS, '').replace(SIGNS, '!'));

/** Returns a text that sorts as the number does: shorter ones first. Merchant serial numbers have at most 10 digits. */
export const msnKeyOf = (msn: string): string => String.fromCharCode(48 + msn.length) + msn;
