// Control characters, line separators, and characters that annotate text or change its direction can forge lines in a log
// and names on a screen. Joiners, variation selectors and combining marks are allowed, since names contain them.
// The first pattern runs on each string of each row. Without the flag `u` it is several times faster but matches every
// surrogate; the second pattern then decides.
const SUSPECT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/;
const UNWANTED = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]/u;
const SPACING = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Whether the text is at most `most` UTF-16 units long and contains nothing that {@link cleanText} would remove. */
export const isCleanText = (text: string, most: number) =>
  text.length <= most && !(SUSPECT.test(text) && UNWANTED.test(text));

/** Returns well-formed text of at most `most` UTF-16 units, without control and bidirectional characters. */
export function cleanText(text: string, most: number): string {
  if (isCleanText(text, most)) return text;
  // Truncated first, so that a long text costs no more than a short one.
  const cut = text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
  const clean = cut.replace(SPACING, ' ').replace(INVISIBLE, '').toWellFormed();
  // A slice keeps the whole original text in memory; a copy does not.
  return text.length > most ? Buffer.from(clean).toString() : clean;
}
