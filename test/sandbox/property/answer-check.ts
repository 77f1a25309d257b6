import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import { createContractCheck } from '../../support/contract.ts';
import type { Case } from './case.ts';
import type { Received } from './target.ts';

type AnswerCheck = (wanted: Omit<Case, 'request'>, received: Received, method: string) => string[];

const NOT_FOUND = JSON.stringify({ statusCode: 404, message: 'Resource not found' });

/** Gives a function that lists what is wrong with an answer: its status, and its form as the contract has it. */
export async function createAnswerCheck(): Promise<AnswerCheck> {
  const check = await createContractCheck();
  return ({ route, allowed }, { status, contentType, text }, method) => {
    const found = allowed.includes(status) ? [] : [`status ${status}; allowed: ${allowed.join(', ')}`];
    if (!route) {
      const expected = method === 'HEAD' ? '' : NOT_FOUND;
      if (contentType !== 'application/json' || text !== expected)
        found.push(`unknown route: ${contentType} ${text}`);
      return found;
    }
    const exchange: Exchange = {
      ...route,
      template: route.path,
      requestHeaders: {},
      requestBody: Buffer.alloc(0),
      status,
      responseHeaders: contentType === undefined ? {} : { 'content-type': contentType },
      responseBody: Buffer.from(text),
      faulted: false,
    };
    // The request is often wrong on purpose; only the answer is judged.
    const broken = check(exchange).filter((violation) => violation.includes(': response '));
    return [...found, ...broken];
  };
}
