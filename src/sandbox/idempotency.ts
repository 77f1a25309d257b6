import { createHash } from 'node:crypto';
import type { Answer } from './answer.ts';
import type { Caller } from './callers.ts';
import { problem } from './problem.ts';

/** Answers by the key that the caller made (source: getting-started page and agent toolkit, for the whole platform). */
export interface IdempotencyStore {
  /**
   * The first request with a key does the work, and its answer stays the answer of that key, a 4xx too. The same request
   * again gets it again; another request with the key is a conflict.
   */
  answer(caller: Caller, key: string, body: Buffer, work: () => Answer): Answer;
  forget(): void;
}

// How long a key is remembered is not documented; this many are, so that the sandbox does not grow for ever.
const MOST_KEYS = 10_000;

export function createIdempotencyStore(most = MOST_KEYS): IdempotencyStore {
  const answers = new Map<string, { fingerprint: string; answer: Answer }>();
  return {
    answer(caller, key, body, work) {
      const owner = caller.kind === 'partner' ? caller.partner : caller.merchant;
      const place = `${caller.kind} ${owner} ${key}`;
      const fingerprint = fingerprintOf(body);
      const known = answers.get(place);
      if (known) {
        return known.fingerprint === fingerprint
          ? known.answer
          : problem(409, 'The Idempotency-Key was used for a different request.');
      }
      const answer = work();
      const [oldest] = answers.keys();
      if (answers.size >= most && oldest !== undefined) answers.delete(oldest);
      answers.set(place, { fingerprint, answer });
      return answer;
    },
    forget: () => answers.clear(),
  };
}

function fingerprintOf(body: Buffer): string {
  const hash = createHash('sha256');
  try {
    return hash.update(canonical(JSON.parse(body.toString()))).digest('base64');
  } catch {
    // Not JSON, or nested deeper than the stack: the same bytes are the same request.
    return hash.update(body).digest('base64');
  }
}

// Equal for two JSON values that differ in the order of their keys only.
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}
