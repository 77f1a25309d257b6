import { isDeepStrictEqual } from 'node:util';
import { type AnswerByHand, createAnswersByHand, type Variables } from '../contestants/answers-by-hand.ts';
import type { Sample } from './load-order.ts';
import type { Question } from './questions.ts';
import { connectTo, type Upstream } from './upstream.ts';

/** Compares answers with those made by hand. Returns what is wrong with them. */
export interface RightAnswers {
  /** The JSON of the right answer to the first request. */
  first(question: Question): Promise<string>;
  check(question: Question, samples: readonly Sample[]): Promise<string | undefined>;
}

export async function createRightAnswers(upstream: Upstream): Promise<RightAnswers> {
  const byHand = createAnswersByHand(await connectTo(upstream));
  return {
    first: async (question) => JSON.stringify({ data: await expected(byHand, question, 0) }),
    async check(question, samples) {
      for (const { request, body } of samples) {
        const { data } = JSON.parse(body) as { data: object };
        const isRight = question.isRight
          ? question.isRight(data)
          : // Aliases change from pass to pass.
            isDeepStrictEqual(Object.values(data), Object.values(await expected(byHand, question, request)));
        if (!isRight) return `a wrong answer: ${body.slice(0, 300)}`;
      }
      return undefined;
    },
  };
}

/** Returns the data of the right answer to a request. */
function expected(byHand: AnswerByHand, { plan, byHand: others }: Question, request: number) {
  const index = request % plan.variables.length;
  const variables = others?.[index] ?? JSON.parse(plan.variables[index] ?? '{}');
  return byHand(plan.query, variables as Variables);
}
