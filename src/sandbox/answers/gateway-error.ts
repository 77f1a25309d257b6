import type { Answer } from './answer.ts';

// Errors of the gateway in front of the API, which writes 401, 403 and 429 in its own ways (source: knowledge base,
// "Troubleshoot errors", and issues 59 and 80 of the vipps-developers repository).

/** Returns an error in the form that names the reason. */
export function gatewayError(statusCode: number, message: string): Answer {
  return {
    status: statusCode,
    contentType: 'application/json',
    body: JSON.stringify({ statusCode, message }),
  };
}

/** Returns an error in the form that names no reason. On a 401 it usually means an invalid token. */
export function opaqueGatewayError(responseCode: number): Answer {
  const message = 'Something went wrong, please try again later.';
  return {
    status: responseCode,
    contentType: 'application/json',
    body: JSON.stringify({ responseInfo: { responseCode, responseMessage: message }, result: { message } }),
  };
}

export const missingSubscriptionKey = gatewayError(
  401,
  'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
);

export const invalidSubscriptionKey = gatewayError(
  401,
  'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
);

/** Also the answer to a known path with the wrong method: the gateway routes by both and knows no 405. */
export const resourceNotFound = gatewayError(404, 'Resource not found');
