import type { Answer } from '../answers/answer.ts';
import type { Problems } from '../answers/problem.ts';
import type { Policy } from '../policy/policy.ts';
import type { Caller } from '../world/caller.ts';
import type { Clock } from '../world/clock.ts';
import { fingerprintOf } from './request-fingerprint.ts';

/** Answers by the key that the caller made (source: getting-started page and agent toolkit, for the whole platform). */
export interface IdempotencyStore {
  /**
   * The first request with a key does the work, and its answer is kept for that key, also a 4xx. The same request gets
   * the same answer again. A different request with that key is a conflict.
   */
  answer(caller: Caller, key: string, body: Buffer, work: () => Answer): Answer;
  clear(): void;
}

interface StoreParts {
  policy: Policy;
  problems: Problems;
  clock: Clock;
}

const HOUR_MS = 3_600_000;

export function createIdempotencyStore({ policy, problems, clock }: StoreParts): IdempotencyStore {
  // Oldest first, since a key is only ever added.
  const answers = new Map<string, { fingerprint: string; answer: Answer; madeAt: number }>();
  const isPast = (madeAt: number) => {
    const lifetimeMs = policy.idempotencyMemoryHours * HOUR_MS;
    return lifetimeMs > 0 && clock.now() >= madeAt + lifetimeMs;
  };
  const dropOld = () => {
    for (const [entryKey, { madeAt }] of answers) {
      if (answers.size < policy.idempotencyMemoryKeys && !isPast(madeAt)) return;
      answers.delete(entryKey);
    }
  };

  return {
    answer(caller, key, body, work) {
      const owner = caller.kind === 'partner' ? caller.partner : caller.merchant;
      const entryKey = `${caller.kind} ${owner} ${key}`;
      const fingerprint = fingerprintOf(body);
      const known = answers.get(entryKey);
      if (known && !isPast(known.madeAt)) {
        return known.fingerprint === fingerprint
          ? known.answer
          : problems.problem(409, 'The Idempotency-Key was used for a different request.');
      }
      const answer = work();
      answers.delete(entryKey);
      if (answer.status >= 400 && policy.idempotencyOfRefusals === 'forgotten') return answer;
      dropOld();
      answers.set(entryKey, { fingerprint, answer, madeAt: clock.now() });
      return answer;
    },
    clear: () => answers.clear(),
  };
}
