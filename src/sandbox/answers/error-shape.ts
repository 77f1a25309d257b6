import { STATUS_CODES } from 'node:http';
import type { Answer } from './answer.ts';
import { gatewayError, opaqueGatewayError } from './gateway-error.ts';
import { problem } from './problem.ts';

const DETAIL = 'This error comes from a fault.';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/**
 * The forms of errors that clients meet: the API's own with the details in the two ways that are documented, and with
 * its status as the text of one example (source: document 2.0.9, knowledge base, Webhooks API); the two of the gateway;
 * the page of a proxy in between; nothing at all. The others were seen on this platform, though not on this API.
 */
const makers = {
  problem: (status) => withDetails(status, [{ name: 'fault', reason: 'comes from a fault.' }]),
  problemKeyValue: (status) => withDetails(status, [{ key: 'CustomErrorCode', value: '9000' }]),
  problemFieldText: (status) => withDetails(status, [{ field: 'fault', text: 'comes from a fault.' }]),
  problemStatusText: (status) => edited(problem(status, DETAIL), { status: String(status) }),
  problemNulls: (status) =>
    edited(problem(status, DETAIL), { title: null, instance: null, traceId: null, extraDetails: null }),
  invalidParams: (status) =>
    edited(problem(status, DETAIL), { invalidParams: [{ name: 'fault', reason: 'comes from a fault.' }] }),
  aspNet: (status) =>
    json(status, {
      title: 'One or more validation errors occurred.',
      status,
      traceId: TRACE_ID,
      errors: { Fault: [DETAIL] },
    }),
  oauth: (status) =>
    json(status, {
      error: 'invalid_client',
      error_description: DETAIL,
      error_codes: [7_000_215],
      trace_id: TRACE_ID,
      correlation_id: TRACE_ID,
    }),
  errorObject: (status) =>
    json(status, { error: { code: status, title: 'Fault', message: DETAIL, ContextID: TRACE_ID } }),
  errorList: (status) =>
    json(status, [
      { errorGroup: 'Fault', errorCode: String(status), errorMessage: DETAIL, contextId: TRACE_ID },
    ]),
  gateway: (status) => gatewayError(status, messages[status] ?? STATUS_CODES[status] ?? DETAIL),
  gatewayOpaque: opaqueGatewayError,
  gatewayCapitalised: (status) =>
    json(status, {
      ResponseInfo: { ResponseCode: String(status), ResponseMessage: null },
      Result: { Message: messages[status] ?? DETAIL },
    }),
  text: (status) => ({ status, contentType: 'text/plain', body: messages[status] ?? DETAIL }),
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
  401: 'Access denied due to invalid subscription key.',
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

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}

function edited(answer: Answer, changes: object): Answer {
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body.toString()), ...changes }) };
}

function page(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}
