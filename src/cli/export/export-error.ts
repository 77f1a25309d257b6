/** Why an export cannot go on. The message is for the person at the terminal. */
export class ExportError extends Error {
  override name = 'ExportError';
}
