// Control characters, line separators, and characters that change the direction in which text is shown or annotate it:
// they forge lines in a log and names on a screen. Joiners, variation selectors and combining marks are part of names.
// The first pattern runs on each text of each row: without the flag `u` it is several times faster, so it stops at every
// surrogate, and only then is the text looked at in full.
const SUSPECT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/;
const UNWANTED = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]/u;
const SPACING = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Whether the text is at most `most` UTF-16 units long and holds nothing that {@link cleanText} would take out. */
export const isCleanText = (text: string, most: number) =>
  text.length <= most && !(SUSPECT.test(text) && UNWANTED.test(text));

/** The text without control and bidirectional characters, well-formed, and cut to `most` UTF-16 units. */
export function cleanText(text: string, most: number): string {
  if (isCleanText(text, most)) return text;
  // Cut first, so that a megabyte costs no more than what is kept of it.
  const cut = text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
  const clean = cut.replace(SPACING, ' ').replace(INVISIBLE, '').toWellFormed();
  // A slice keeps the whole text that it was cut from in memory; a copy does not.
  return text.length > most ? Buffer.from(clean).toString() : clean;
}
