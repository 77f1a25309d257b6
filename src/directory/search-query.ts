import { fold, wordsOf } from './fold.ts';

/** The texts that a word can be looked for in. */
export type SearchField = 'name' | 'merchant' | 'msn' | 'org';

/** A word, a phrase or a number that a result must contain. */
export interface SearchTerm {
  /** The folded words, in their order. */
  readonly words: readonly string[];
  /** In quotes: the words must follow each other, exactly as they are. */
  readonly isPhrase: boolean;
  /** Where it must be; anywhere if absent. */
  readonly field?: SearchField;
}

/** A condition that is not about words. */
export interface SearchConditions {
  readonly flags: ReadonlyMap<SearchFlag, boolean>;
  readonly captureTypes: ReadonlySet<string>;
  readonly countries: ReadonlySet<string>;
}

/** What a person typed, as data. */
export interface SearchQuery extends SearchConditions {
  readonly terms: readonly SearchTerm[];
}

/** The words after `is:` and `not:`, and the settings of a unit that they mean. */
export const searchFlags = {
  payment: 'paymentAllowed',
  'skip-landing-page': 'skipLandingPageAllowed',
  recurring: 'recurringAllowed',
  'partial-capture': 'partialCaptureAllowed',
  'late-capture': 'lateCaptureAllowed',
  'locked-phone-number': 'landingPagePhoneNumberLocked',
  'long-living-payment': 'longLivingPaymentAllowed',
  'credit-card': 'creditCardPaymentAllowed',
} as const;
export type SearchFlag = (typeof searchFlags)[keyof typeof searchFlags];

/** The words after `capture:`. */
const captures: Readonly<Record<string, string>> = {
  reserve: 'ReserveCapture',
  direct: 'DirectCapture',
  none: 'NotApplicable',
};

const fields: Readonly<Record<string, SearchField>> = {
  name: 'name',
  merchant: 'merchant',
  msn: 'msn',
  org: 'org',
};

/** Longer queries are cut: nobody types more, and each word costs a look-up. */
const MOST_TERMS = 12;
/** A qualifier, its value or a word, either of them in quotes. A quote without an end is a letter like others. */
const TOKEN = /(?:([a-z]{2,8}):)?(?:"([^"]*)"|([^\s"]+|"))/giu;
/** Groups of digits, as in `NO 987 654 321` and `1234567-8`. */
const NUMBER_PART = /^[\d-]+$/;
/** An organization number with what people write around it. Shorter ones may be a name, as `24-7`. */
const NUMBER = /^(?:NO|DK|FI)?[\d-]{7,}(?:MVA)?$/i;
const SHORTEST_NUMBER = 4;
const LONGEST_NUMBER = 10;

/** Reads what a person typed. Never fails: what is no known qualifier is read as words. */
export function readSearchQuery(text: string): SearchQuery {
  const terms: SearchTerm[] = [];
  const flags = new Map<SearchFlag, boolean>();
  const captureTypes = new Set<string>();
  const countries = new Set<string>();
  for (const token of tokensOf(text)) {
    const { qualifier, value } = token;
    const flag = Object.hasOwn(searchFlags, value.toLowerCase())
      ? searchFlags[value.toLowerCase() as keyof typeof searchFlags]
      : undefined;
    const capture = Object.hasOwn(captures, value.toLowerCase()) ? captures[value.toLowerCase()] : undefined;
    if (qualifier === 'is' && flag) flags.set(flag, true);
    else if (qualifier === 'not' && flag) flags.set(flag, false);
    else if (qualifier === 'capture' && capture) captureTypes.add(capture);
    else if (qualifier === 'country' && /^[a-z]{2}$/i.test(value)) countries.add(value.toUpperCase());
    else terms.push(...termsOf(token));
  }
  return { terms: terms.slice(0, MOST_TERMS), flags, captureTypes, countries };
}

interface Token {
  /** In lower case. */
  readonly qualifier: string | undefined;
  readonly value: string;
  readonly isQuoted: boolean;
}

/** Returns the tokens of a query, with the parts of a number that was typed in groups put together. */
function tokensOf(text: string): Token[] {
  const tokens = [...text.matchAll(TOKEN)].map(
    ([, qualifier, quoted, word]): Token => ({
      qualifier: qualifier?.toLowerCase(),
      value: quoted ?? word ?? '',
      isQuoted: quoted !== undefined,
    }),
  );
  const joined: Token[] = [];
  for (let index = 0; index < tokens.length; ) {
    const group = numberGroup(tokens, index);
    const token = tokens[index] as Token;
    joined.push(group ? { ...token, value: group.value } : token);
    index += group?.length ?? 1;
  }
  return joined;
}

/** Returns the number that begins at a token; undefined if none does. */
function numberGroup(
  tokens: readonly Token[],
  start: number,
): { readonly value: string; readonly length: number } | undefined {
  const isCountry = /^(?:NO|DK|FI)$/i.test(tokens[start]?.value ?? '');
  let value = '';
  let end = isCountry ? start + 1 : start;
  for (; end < tokens.length; end++) {
    const { value: part, isQuoted, qualifier } = tokens[end] as Token;
    if (isQuoted || !NUMBER_PART.test(part) || (end > start && qualifier)) break;
    value += part.replaceAll('-', '');
  }
  const isNumber = value.length >= SHORTEST_NUMBER && value.length <= LONGEST_NUMBER;
  // What a Norwegian number ends with on an invoice.
  if (isNumber && /^MVA$/i.test(tokens[end]?.value ?? '')) end++;
  const length = end - start;
  return isNumber && (length > 1 || isCountry) ? { value, length } : undefined;
}

function termsOf({ qualifier, value, isQuoted }: Token): SearchTerm[] {
  const field = qualifier && Object.hasOwn(fields, qualifier) ? fields[qualifier] : undefined;
  const isNumberField = field === 'msn' || field === 'org';
  const given = isNumberField || NUMBER.test(value) ? numberOf(value) : value;
  // A qualifier that is not known is a word like the others.
  const text = qualifier && !field ? `${qualifier} ${given}` : given;
  const words = wordsOf(fold(text));
  if (words.length === 0) return [];
  const place = field && { field };
  if (isQuoted) return [{ words, isPhrase: true, ...place }];
  return words.map((word) => ({ words: [word], isPhrase: false, ...place }));
}

/** `NO 987654321 MVA` and `FI1234567-8` are numbers with something around them. */
const numberOf = (value: string) =>
  value
    .replace(/^(?:NO|DK|FI)/i, '')
    .replace(/MVA$/i, '')
    .replaceAll('-', '');
