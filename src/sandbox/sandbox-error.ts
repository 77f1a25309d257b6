/** What is wrong, in terms of the sandbox and not of HTTP: `http/http-error.ts` has the status of each. */
export type SandboxErrorCode = 'INVALID' | 'NOT_FOUND' | 'CONFLICT';

/** Thrown when the sandbox cannot do what a test asks for. The message says why and is shown to the person who asked. */
export class SandboxError extends Error {
  override name = 'SandboxError';
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
