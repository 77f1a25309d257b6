import { cleanText } from '../models/clean-text.ts';
import type { Redact } from './redact.ts';

// Far more than any published example; the contract sets no limit.
const LONGEST_DETAIL = 1_024;
const LONGEST_TEXT = 256;
const MOST_DETAILS = 50;
/** What is redacted of one text, in UTF-16 units. More than twice the longest that is kept. */
const LONGEST_GIVEN = 4_096;
const MOST_MEMBERS = 50;

/** The upstream's description of a failure, cleaned, redacted and truncated. For the log only: clients never see upstream text. */
export interface Problem {
  /**
   * `api`: the Management API. `gateway`: the gateway in front of it. `firewall`: an HTML page, which neither of them
   * writes. `unknown`: anything else.
   */
  readonly writtenBy: 'api' | 'gateway' | 'firewall' | 'unknown';
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly instance?: string | undefined;
  readonly traceId?: string | undefined;
  /** What is wrong with each field. */
  readonly extraDetails?: readonly FieldProblem[] | undefined;
}

interface FieldProblem {
  readonly name: string;
  readonly reason: string;
}

type Json = Readonly<Record<string, unknown>>;

const unredacted: Redact = (text) => text;

/**
 * Reads an error body in every published form: RFC 9457 with `extraDetails` or `invalidParams`, the `errors` of ASP.NET,
 * one `error` or a list of them, the two forms of the gateway, an OAuth error, a page and plain text. The case of names
 * does not matter, and a member that is null is absent.
 */
export function readProblem(body: string, redact: Redact = unredacted): Problem {
  const json = parseJson(body);
  const read = new Reader(redact);
  if (Array.isArray(json)) return listed(json, read);
  if (typeof json !== 'object' || json === null) return unstructured(body, json, read);
  const members = lowerCased(json);
  return (
    ofGateway(members, read) ??
    ofApi(members, read) ?? { writtenBy: 'unknown', title: read.text(members['message']) }
  );
}

/** Returns what all words of a problem say, for a search. */
export const wordsOf = ({ title, detail }: Problem): string => `${title ?? ''} ${detail ?? ''}`.trim();

function ofGateway(members: Json, read: Reader): Problem | undefined {
  const { statuscode, message, responseinfo, result, error } = members;
  if (isScalar(statuscode) && typeof message === 'string')
    return { writtenBy: 'gateway', title: read.text(message), ...read.ids(members) };
  if (isObject(responseinfo) || (isObject(result) && 'message' in lowerCased(result))) {
    const title = read.text(lowerCased(responseinfo)['responsemessage']);
    const detail = read.text(lowerCased(result)['message'], LONGEST_DETAIL);
    return {
      writtenBy: 'gateway',
      title,
      detail: detail === title ? undefined : detail,
      ...read.ids(members),
    };
  }
  // OAuth, as the token endpoints write it.
  if (typeof error === 'string') {
    const detail = read.text(members['error_description'] ?? message, LONGEST_DETAIL);
    return { writtenBy: 'gateway', title: read.text(error), detail, ...read.ids(members) };
  }
  return undefined;
}

function ofApi(members: Json, read: Reader): Problem | undefined {
  const { error } = members;
  if (isObject(error)) return one(lowerCased(error), read);
  const { title, detail, message, type } = members;
  const extraDetails = read.fields(members);
  if (!extraDetails && ![title, detail, type].some((member) => typeof member === 'string')) return undefined;
  return {
    writtenBy: 'api',
    title: read.text(title),
    detail: read.text(detail ?? message, LONGEST_DETAIL),
    extraDetails,
    ...read.ids(members),
  };
}

/** Reads `[{ errorGroup, errorCode, errorMessage, contextId }]`; several errors become one problem. */
function listed(items: readonly unknown[], read: Reader): Problem {
  const problems = items
    .slice(0, MOST_DETAILS)
    .filter(isObject)
    .map((item) => one(lowerCased(item), read));
  const [first] = problems;
  if (!first) return { writtenBy: 'unknown' };
  const details = problems.map(({ detail }) => detail).filter((detail) => detail !== undefined);
  return { ...first, detail: read.text(details.join('; '), LONGEST_DETAIL) };
}

/** Reads one error with a code and a message. */
function one(members: Json, read: Reader): Problem {
  const { code, errorcode, errorgroup, title, message, errormessage, text } = members;
  const kind = [errorgroup, errorcode ?? code].filter(isScalar).join(' ');
  return {
    writtenBy: 'api',
    title: read.text(title ?? (kind || undefined)),
    detail: read.text(message ?? errormessage ?? text, LONGEST_DETAIL),
    ...read.ids(members),
  };
}

const PAGE = /^<(?:!doctype html|html|head|body)\b/i;

/** Removes a comment before a page. */
function withoutComment(text: string): string {
  const trimmed = text.trimStart();
  const end = trimmed.startsWith('<!--') ? trimmed.indexOf('-->') : -1;
  return end < 0 ? trimmed : trimmed.slice(end + '-->'.length).trimStart();
}

function unstructured(text: string, json: unknown, read: Reader): Problem {
  const start = text.slice(0, LONGEST_GIVEN);
  if (PAGE.test(withoutComment(start))) {
    const title = /<title[^<>]*>([^<]*)/i.exec(start)?.[1];
    return { writtenBy: 'firewall', title: read.text(title?.trim() || undefined) };
  }
  const words = typeof json === 'string' ? json : json === undefined ? start.trim() : undefined;
  return { writtenBy: 'unknown', title: words ? read.text(words) : undefined };
}

class Reader {
  readonly #redact: Redact;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  text(given: unknown, most = LONGEST_TEXT): string | undefined {
    if (!isScalar(given)) return undefined;
    const whole = String(given);
    let redacted = this.#redact(whole.slice(0, LONGEST_GIVEN));
    // The cut may have left a part of something that would have been redacted.
    if (whole.length > LONGEST_GIVEN) redacted = redacted.slice(0, -LONGEST_DETAIL);
    return cleanText(redacted, most);
  }

  ids(members: Json): Pick<Problem, 'instance' | 'traceId'> {
    const { traceid, trace_id, contextid, correlation_id, correlationid } = members;
    return {
      instance: this.text(members['instance']),
      traceId: this.text(traceid ?? trace_id ?? contextid ?? correlation_id ?? correlationid),
    };
  }

  fields({ extradetails, invalidparams, errors }: Json): readonly FieldProblem[] | undefined {
    const items = [extradetails, invalidparams, errors].filter(Array.isArray).flat().slice(0, MOST_DETAILS);
    const found = items.filter(isObject).flatMap((item) => this.#field(lowerCased(item)));
    if (isObject(errors) && !Array.isArray(errors))
      for (const [name, reasons] of Object.entries(errors).slice(0, MOST_DETAILS))
        found.push(this.#named(name, [reasons].flat().slice(0, 5).filter(isScalar).join(' ')));
    return found.length > 0 ? found.slice(0, MOST_DETAILS) : undefined;
  }

  #field(item: Json): FieldProblem[] {
    const { name, key, field, property, reason, value, text, message } = item;
    const named = [name, key, field, property].find(isScalar);
    if (named === undefined) return [];
    return [this.#named(named, [reason, value, text, message].find(isScalar) ?? '')];
  }

  #named(name: string | number | boolean, reason: string | number | boolean): FieldProblem {
    return { name: this.text(name) ?? '', reason: this.text(reason) ?? '' };
  }
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Returns the first members of an object under lower-case names, without those that are null. */
function lowerCased(value: unknown): Json {
  if (!isObject(value)) return {};
  const members = Object.entries(value)
    .slice(0, MOST_MEMBERS)
    .filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name.toLowerCase(), member]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
