import { errorCodes } from '../errors/codes.ts';
import type { HttpError } from '../errors/http-error.ts';

/** Returns the GraphQL response for a refused request. Without `requestId` for what was never a request of the gateway. */
export function errorBody({ code, message, retryAfterMs }: HttpError, requestId?: string): object {
  const extensions = { code, retryable: errorCodes[code].retryable, requestId, retryAfterMs };
  return { errors: [{ message, extensions }] };
}
