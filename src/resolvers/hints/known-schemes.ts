import { distance } from 'fastest-levenshtein';

/** The published schemes of businesses (source: OpenAPI document 2.0.9). Others are legal. */
export const knownSchemes = ['business:NO:ORG', 'business:DK:CVR', 'business:FI:Y-tunnus'] as const;

/** What people write for the part after the country. */
const otherNames: Readonly<Record<(typeof knownSchemes)[number], readonly string[]>> = {
  'business:NO:ORG': ['businessnoorgnr', 'businessnoorgno', 'noorg', 'no'],
  'business:DK:CVR': ['businessdkcvrnr', 'dkcvr', 'dk'],
  'business:FI:Y-tunnus': ['businessfibid', 'businessfiytunnus', 'fiytunnus', 'fi'],
};

const MOST_SLIPS = 2;

/** Returns the known scheme that a text comes close to without being it: another case, other marks, or a slip. */
export function misspelledScheme(text: string): string | undefined {
  if (knownSchemes.some((scheme) => scheme === text)) return undefined;
  const [, country] = /^business:([A-Z]{2}):/.exec(text) ?? [];
  const letters = lettersOf(text.slice(0, 64));
  return knownSchemes
    .filter((scheme) => country === undefined || scheme.startsWith(`business:${country}:`))
    .find(
      (scheme) => otherNames[scheme].includes(letters) || distance(letters, lettersOf(scheme)) <= MOST_SLIPS,
    );
}

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
