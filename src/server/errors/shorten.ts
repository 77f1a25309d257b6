/** A name or message of this length says all that a reader needs. */
const LONGEST_MESSAGE = 300;
const LONGEST_NAME = 64;

/** Cuts a message that contains names of the client's own, which may be as long as the body. */
export const shortenMessage = (message: string) => shorten(message, LONGEST_MESSAGE);

/** Cuts a name that the client chose. */
export const shortenName = (name: string) => shorten(name, LONGEST_NAME);

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
