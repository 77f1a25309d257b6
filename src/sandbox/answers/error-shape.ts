import { STATUS_CODES } from 'node:http';
import type { Answer } from './answer.ts';
import { gatewayError, opaqueGatewayError } from './gateway-error.ts';
import { problem } from './problem.ts';

const DETAIL = 'This error comes from a fault.';

/**
 * The forms of errors that clients meet: the API's own with the details in the two ways that are documented, and with
 * its status as the text of one example (source: document 2.0.9, knowledge base, Webhooks API); the two of the gateway;
 * the page of a proxy in between; nothing at all.
 */
const makers = {
  problem: (status) => withDetails(status, [{ name: 'fault', reason: 'comes from a fault.' }]),
  problemKeyValue: (status) => withDetails(status, [{ key: 'CustomErrorCode', value: '9000' }]),
  problemStatusText: (status) => edited(problem(status, DETAIL), { status: String(status) }),
  gateway: (status) => gatewayError(status, messages[status] ?? STATUS_CODES[status] ?? DETAIL),
  gatewayOpaque: opaqueGatewayError,
  html: (status) => ({
    status,
    contentType: 'text/html',
    body: page(`${status} ${STATUS_CODES[status] ?? ''}`),
  }),
  empty: (status) => ({ status, contentType: '', body: '' }),
} satisfies Record<string, (status: number) => Answer>;

export type ErrorShape = keyof typeof makers;

export const errorShapes = Object.keys(makers) as ErrorShape[];

const messages: Partial<Record<number, string>> = {
  403: 'Access denied.',
  429: 'Rate limit is exceeded. Try again later.',
};

/** An error of this form, or, left open, of the one that the upstream would use for this status. */
export function errorOf(status: number, shape?: ErrorShape): Answer {
  if (shape) return makers[shape](status);
  if (status === 401) return opaqueGatewayError(status);
  if (status === 403 || status === 429) return makers.gateway(status);
  return status < 400 ? makers.empty(status) : problem(status, DETAIL);
}

function withDetails(status: number, extraDetails: readonly object[]): Answer {
  return edited(problem(status, DETAIL), { extraDetails });
}

function edited(answer: Answer, changes: object): Answer {
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body.toString()), ...changes }) };
}

function page(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}
