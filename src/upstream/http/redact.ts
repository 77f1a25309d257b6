/** Returns text of the upstream without what must not be logged. */
export type Redact = (text: string) => string;

/** A longer value is no secret that the upstream would quote, except an image, which {@link BLOB} finds. */
const LONGEST_VALUE = 1_024;
const MOST_VALUES = 200;
/** Shorter values are replaced only where they stand alone, so that other words stay readable. */
const SHORTEST_PART = 4;

const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi;
const JWT = /\beyJ[\w-]+(?:\.[\w-]+){0,4}/g;
/** Base64 of images and keys. */
const BLOB = /[\w+/=-]{40,}/g;
/** Ids of requests, which a support case needs. */
const TRACE_ID = /^[\da-f-]+$/i;
/** Not inside an id, which has letters and hyphens around its digits. */
const NUMBER = /\d+(?:[ .-]\d+)*/g;
const LETTER = /[\p{L}\d]/u;
const OF_AN_ID = /[\w-]/;
const LEAST_DIGITS = 6;

/**
 * Returns a function that replaces the keys of a call, the texts of its input, and what looks like a token, an image or,
 * when there is an input, a number of six digits or more: the upstream may quote part of an account number.
 */
export function createRedact(secrets: readonly string[], input?: string): Redact {
  let rules: readonly Rule[] | undefined;
  const build = () => [
    ...secrets.flatMap((secret) => rulesOf(secret, '[secret]')),
    ...(input === undefined ? [] : textsOf(input)).flatMap((value) => rulesOf(value, '[input]')),
  ];
  return (text) => {
    // Most calls succeed and never need the rules.
    rules ??= build();
    let clean = text;
    for (const rule of rules) clean = replaceIn(clean, rule);
    clean = clean
      .replace(BEARER, '$1 [secret]')
      .replace(JWT, '[secret]')
      .replace(BLOB, (run) => (TRACE_ID.test(run) || !/\d/.test(run) ? run : '[long value]'));
    return input === undefined ? clean : clean.replace(NUMBER, withoutNumber);
  };
}

/** Returns `[number]` for a number of six digits or more. Letters and hyphens around it make it a part of an id. */
function withoutNumber(run: string, at: number, text: string): string {
  const isPartOfId = OF_AN_ID.test(text[at - 1] ?? '') || OF_AN_ID.test(text[at + run.length] ?? '');
  return !isPartOfId && run.replace(/\D/g, '').length >= LEAST_DIGITS ? '[number]' : run;
}

interface Rule {
  readonly form: string;
  readonly label: string;
}

/** The forms in which a value can be quoted: as it is, in JSON, in a URL and in HTML. */
function rulesOf(value: string, label: string): Rule[] {
  const forms = new Set([
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ]);
  return [...forms].filter((form) => form.trim() !== '').map((form) => ({ form: form.toLowerCase(), label }));
}

/** Replaces each occurrence, whatever its case; a short one only where it stands alone. */
function replaceIn(text: string, { form, label }: Rule): string {
  const lower = text.toLowerCase();
  // A few letters change their length with their case. Such a text is compared as it is.
  const searched = lower.length === text.length ? lower : text;
  let clean = '';
  let done = 0;
  for (let at = searched.indexOf(form); at >= 0; at = searched.indexOf(form, at)) {
    const end = at + form.length;
    const isAlone = !LETTER.test(text[at - 1] ?? '') && !LETTER.test(text[end] ?? '');
    if (form.length < SHORTEST_PART && !isAlone) {
      at++;
      continue;
    }
    clean += text.slice(done, at) + label;
    done = end;
    at = end;
  }
  return clean + text.slice(done);
}

/** The texts in a JSON body, longest first, so that a part of another text does not break it up. */
function textsOf(json: string): readonly string[] {
  const found = new Set<string>();
  JSON.parse(json, (_name, value: unknown) => {
    if (typeof value === 'number' && value > 999) found.add(String(value));
    if (typeof value === 'string' && value.length <= LONGEST_VALUE) found.add(value);
    return null;
  });
  return [...found].sort((a, b) => b.length - a.length).slice(0, MOST_VALUES);
}
