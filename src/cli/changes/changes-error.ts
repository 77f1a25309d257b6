/** Why changes cannot be printed. The message is for the person at the terminal. */
export class ChangesError extends Error {
  override name = 'ChangesError';
}
