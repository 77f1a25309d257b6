import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { LongAnswers } from '../connections/long-answers.ts';
import { toClientError } from '../errors/client-error.ts';
import { OperationTooExpensive, Overloaded } from '../errors/request-errors.ts';
import { formatError, stringifyResult } from '../errors/stringify-result.ts';
import { resultLength } from '../http/answer-length.ts';
import { serializeTo } from '../http/serialize.ts';
import { TextBytes } from '../http/text-bytes.ts';
import { releaseRows, stateOf } from '../request-state.ts';
import type { TakesTurns } from './turns.ts';

/** Longer responses are serialized in pieces. */
export const LONG = 256 * 1024;
/** Serializing a piece takes about as long as resolving this many fields. */
const UNITS_PER_PIECE = 1_000;

interface AnswerLimitOptions {
  readonly maxAnswerBytes: number;
  readonly turns: TakesTurns;
  readonly requestDeadlineMs: number;
  /** Shared by all servers of the process. */
  readonly longAnswers: LongAnswers;
}

/**
 * Refuses a response of more than `maxAnswerBytes` before it is serialized, and serializes long ones without blocking the
 * event loop. Releases the rows of the operation when its response is text.
 */
export function useAnswerLimit(options: AnswerLimitOptions): Plugin {
  const { maxAnswerBytes, requestDeadlineMs, turns, longAnswers } = options;
  const sendLong = async (
    request: Request,
    result: ExecutionResult,
    length: number,
    response: ServerResponse | undefined,
  ) => {
    const { startedAt } = stateOf(request);
    // Waits for room in memory. Clients that hold it and read nothing are disconnected.
    const release = await longAnswers.enter(length, {
      waitMs: startedAt + requestDeadlineMs - performance.now(),
      signal: request.signal,
      response,
    });
    const answer = release
      ? await longAnswer(result, length, maxAnswerBytes, turns)
      : { ...refused(result, new Overloaded('no room for another long answer')), data: null };
    releaseRows(request);
    // Without a connection, nothing tells when the answer has been read.
    if (!response) release?.();
    return answer;
  };
  return {
    onResultProcess({ request, result, setResult, serverContext }) {
      if (Array.isArray(result) || isAsyncIterable(result)) return undefined;
      const length = stateOf(request).answerLength ?? resultLength(result, maxAnswerBytes);
      const { res } = serverContext as { readonly res?: ServerResponse };
      if (length > LONG && length <= maxAnswerBytes)
        return sendLong(request, result, length, res).then(setResult);
      if (length > maxAnswerBytes) setResult(refused(result, new OperationTooExpensive('answer')));
      releaseRows(request);
      return undefined;
    },
    onResponse: ({ request }) => releaseRows(request),
  };
}

type Answer = ExecutionResult & { readonly stringify?: (result: ExecutionResult) => string };

const refused = ({ data: _data, ...rest }: ExecutionResult, reason: Error): Answer => ({
  ...rest,
  errors: [toClientError(reason)],
});

async function longAnswer(
  result: ExecutionResult,
  length: number,
  most: number,
  turns: TakesTurns,
): Promise<Answer> {
  const text = new TextBytes(length);
  const add = async (name: string, value: unknown) => {
    text.add(name);
    await serializeTo(
      (piece) => text.add(piece),
      value,
      () => turns.next(UNITS_PER_PIECE),
    );
  };
  await add('{"data":', result.data);
  if (result.errors) await add(',"errors":', result.errors.map(formatError));
  if (text.take().length > most) return refused(result, new OperationTooExpensive('answer'));
  return {
    ...result,
    stringify: ({ data: _data, errors: _errors, ...rest }) => {
      const others = stringifyResult(rest);
      text.add(others === '{}' ? '}' : `,${others.slice(1)}`);
      // Yoga passes it on as the body of the response, which may also be bytes.
      return text.take() as unknown as string;
    },
  };
}
