import { getSystemErrorMessage } from 'node:util';

/** A file that must not be used. The message never contains its path, which may be a secret in the wrong variable. */
export class FileProblem extends Error {
  override name = 'FileProblem';
}

/** Returns why a file cannot be used, without its path. */
export function describeFileProblem(error: unknown): string {
  if (error instanceof FileProblem) return error.message;
  if (!(error instanceof Error)) return 'unknown error';
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_ARG_VALUE') return 'its path contains a null character';
  // The message of a failed system call names the path.
  return typeof errno === 'number' ? getSystemErrorMessage(errno) : 'it cannot be opened';
}

/** Returns the mistake to report for a variable whose file could not be read. */
export const describeUnreadable = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ENOENT'
    ? 'names a file that cannot be read'
    : `names a file that cannot be read: ${describeFileProblem(error)}`;
