/** The published schemes of businesses (source: OpenAPI document 2.0.9). Others are legal. */
export const knownSchemes = ['business:NO:ORG', 'business:DK:CVR', 'business:FI:Y-tunnus'] as const;

/** What people write for the part after the country. */
const otherNames: Readonly<Record<(typeof knownSchemes)[number], readonly string[]>> = {
  'business:NO:ORG': ['businessnoorgnr', 'businessnoorgno', 'noorg', 'no'],
  'business:DK:CVR': ['businessdkcvrnr', 'dkcvr', 'dk'],
  'business:FI:Y-tunnus': ['businessfibid', 'businessfiytunnus', 'fiytunnus', 'fi'],
};

/** Returns the known scheme that a text comes close to without being it: another case, other marks, or one slip. */
export function misspelledScheme(text: string): string | undefined {
  if (isKnown(text) || OTHER_COUNTRY.test(text)) return undefined;
  const letters = lettersOf(text.slice(0, 64));
  return knownSchemes.find(
    (scheme) => isOneSlip(letters, lettersOf(scheme)) || otherNames[scheme].includes(letters),
  );
}

const isKnown = (text: string) => (knownSchemes as readonly string[]).includes(text);
/** One letter makes another country: business:NL:ORG is no slip. */
const OTHER_COUNTRY = /^business:(?!NO|DK|FI)[A-Z]{2}:/;

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');

/** Whether two texts are equal, or differ in one letter that is missing, added, changed or swapped with the next. */
function isOneSlip(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const rest = (text: string, from: number) => text.slice(start + from);
  const isSwap = left[start] === right[start + 1] && left[start + 1] === right[start];
  return (
    rest(left, 1) === rest(right, 1) ||
    rest(left, 0) === rest(right, 1) ||
    rest(left, 1) === rest(right, 0) ||
    (isSwap && rest(left, 2) === rest(right, 2))
  );
}
