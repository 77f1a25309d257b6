import type { SandboxErrorCode } from '../sandbox-error.ts';
import { SandboxError } from '../sandbox-error.ts';

/** A request to a control route or a page that is refused, and the status that says why. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const statuses: Record<SandboxErrorCode, number> = { INVALID: 400, NOT_FOUND: 404, CONFLICT: 409 };

/** Returns the status and message that answer this error; undefined for a bug in the sandbox. */
export function toHttpError(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error;
  return error instanceof SandboxError ? new HttpError(statuses[error.code], error.message) : undefined;
}
