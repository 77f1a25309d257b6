import { shortenMessage } from './shorten.ts';

const UNEXPECTED = 'Syntax Error: Unexpected ';
const EXPECTED = 'Syntax Error: Expected ';
const FOUND = ', found ';
const INVALID = 'Syntax Error: Invalid ';
const ESCAPE = ' escape sequence';
const valueTokens = ['String', 'BlockString', 'Int', 'Float'];

/**
 * Returns a message of the parser without the value that it quotes, which may be a secret. Names and punctuation stay.
 * Looks for fixed text before the value only, so a value that looks like a message changes nothing.
 */
export function syntaxMessage(message: string): string {
  const found = startOfToken(message);
  const token = valueTokens.find((kind) => message.startsWith(`${kind} "`, found));
  if (token) return `${message.slice(0, found)}${token}.`;
  const sequence = message.startsWith(INVALID) ? message.indexOf(`${ESCAPE}: `) : -1;
  return sequence < 0 ? shortenMessage(message) : `${message.slice(0, sequence)}${ESCAPE}.`;
}

/** Where the message begins to describe the token at which the parser stopped. */
function startOfToken(message: string): number {
  if (message.startsWith(UNEXPECTED)) return UNEXPECTED.length;
  const found = message.startsWith(EXPECTED) ? message.indexOf(FOUND) : -1;
  return found < 0 ? message.length : found + FOUND.length;
}
