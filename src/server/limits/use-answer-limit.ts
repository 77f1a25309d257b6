import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { toClientError } from '../errors.ts';
import { answerLength } from '../http/answer-length.ts';
import { serialize } from '../http/serialize.ts';
import { OperationTooExpensive } from './refused.ts';
import type { RowAdmission } from './row-admission.ts';
import type { TakesTurns } from './turns.ts';

/** Longer answers are made in pieces. */
const LONG = 256 * 1024;
/** Making a piece of JSON takes about as long as resolving so many fields. */
const UNITS_PER_PIECE = 1_000;

interface AnswerLimitOptions {
  readonly maxAnswerBytes: number;
  readonly admission: RowAdmission;
  readonly turns: TakesTurns;
}

/**
 * Refuses an answer of more than `maxAnswerBytes` before it is made, and makes long ones without holding up the event
 * loop. What an operation held in memory is given back when its answer is text.
 */
export function useAnswerLimit({ maxAnswerBytes, admission, turns }: AnswerLimitOptions): Plugin {
  return {
    async onResultProcess({ request, result, setResult }) {
      if (Array.isArray(result) || isAsyncIterable(result)) return;
      const { data } = result;
      if (answerLength(data, maxAnswerBytes) > LONG)
        setResult(await longAnswer(result, maxAnswerBytes, () => turns.next(UNITS_PER_PIECE)));
      admission.leave(request);
    },
    onResponse: ({ request }) => admission.leave(request),
  };
}

type Answer = ExecutionResult & { readonly stringify?: (result: ExecutionResult) => string };

async function longAnswer(result: ExecutionResult, most: number, turn: () => Promise<void>): Promise<Answer> {
  const { data, ...rest } = result;
  const text = answerLength(data, most) > most ? undefined : await serialize(data, turn);
  if (text === undefined || Buffer.byteLength(text) > most) {
    const tooLong = new OperationTooExpensive(
      'The answer is longer than one answer may be. Ask for smaller pages or fewer fields.',
    );
    return { ...rest, errors: [toClientError(tooLong)] };
  }
  return {
    ...result,
    stringify: (finished) => {
      const fields = Object.entries(finished).filter(
        ([, value]) => value !== undefined && typeof value !== 'function',
      );
      return `{${fields.map(([key, value]) => `"${key}":${key === 'data' ? text : JSON.stringify(value)}`).join(',')}}`;
    },
  };
}
