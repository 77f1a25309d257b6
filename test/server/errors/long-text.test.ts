import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { toClientError } from '../../../src/server/errors/client-error.ts';
import { syntaxMessage } from '../../../src/server/errors/syntax-message.ts';
import { startTestGateway } from '../../support/gateway.ts';

const SIZE = 1_000_000;
/** Pieces of the messages that patterns were written for. */
const pieces = [
  ' cannot represent ',
  'String "',
  '" does not exist in "',
  ', found ',
  ': ',
  '"',
  '\\u',
  ' at "a.b"; ',
];
const fill = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);

/** The least of three tries, since the machine does other things too. */
async function cpuMs(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3; tries++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

const messages: [form: string, message: (text: string) => string][] = [
  ['a parameter', (text) => `Unexpected parameter "${text}" in the request body.`],
  ['an operation', (text) => `Unknown operation named "${text}".`],
  ['a token', (text) => `Syntax Error: Expected Name, found String "${text}".`],
  ['an unexpected token', (text) => `Syntax Error: Unexpected BlockString "${text}".`],
  ['an argument', (text) => `Argument "input" has invalid value ${text}.`],
  ['anything', (text) => text],
];

describe('an error of the library that quotes a megabyte', () => {
  it.each(messages)('is described at once, and short: %s', async (_form, message) => {
    for (const piece of pieces) {
      const error = new GraphQLError(message(fill(piece)));
      expect(await cpuMs(() => toClientError(new GraphQLError(error.message)))).toBeLessThan(50);
      expect(toClientError(error).message.length).toBeLessThanOrEqual(300);
    }
  });
});

describe('a request that quotes a megabyte', () => {
  const post = (body: string) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });

  it.each(pieces)('is refused at once, and not quoted: %s', async (piece) => {
    await using gateway = await startTestGateway({ gateway: { maxBodyBytes: 2 * SIZE } });
    const text = fill(`canary${piece}`);
    const bodies = [
      { query: '{ __typename }', [text]: 1 },
      { query: '{ __typename }', operationName: text },
      { query: '{ __typename }', extensions: text },
      { query: text },
      { query: '{ salesUnits(first: "', variables: { [text]: text } },
      { query: 'query ($v: Int) { salesUnits(first: $v) { totalCount } }', variables: { v: text } },
    ].map((body) => post(JSON.stringify(body)));
    for (const body of bodies) {
      let answer = '';
      const ms = await cpuMs(async () => {
        const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', body);
        answer = await response.text();
      });
      expect(answer).toMatch(/"BAD_REQUEST"|"BAD_USER_INPUT"|"OPERATION_TOO_COMPLEX"/);
      expect(answer).not.toContain('canary');
      expect(answer.length).toBeLessThan(1_000);
      expect(ms).toBeLessThan(50);
    }
    expect(JSON.stringify(gateway.logs)).not.toContain('canarycanary');
  });
});

describe('a syntax error', () => {
  const messageOf = (text: string) => {
    try {
      parse(text);
    } catch (error) {
      return syntaxMessage((error as Error).message);
    }
    throw new Error('it parses');
  };

  it.each([
    ['{ a } { b(c: @ "canary") }', 'Syntax Error: Unexpected "@".'],
    ['{ a } "canary" }', 'Syntax Error: Unexpected "}".'],
    ['17', 'Syntax Error: Unexpected Int.'],
    ['query "canary, found Int \\"1\\""', 'Syntax Error: Expected "{", found String.'],
    [
      'query """canary Syntax Error: Unexpected String "x" """',
      'Syntax Error: Expected "{", found BlockString.',
    ],
    ['{ 123454321 }', 'Syntax Error: Expected Name, found Int.'],
    ['{ 12345.4321 }', 'Syntax Error: Expected Name, found Float.'],
    ['{ a(b: "canary\\uXYZ0 escape sequence: ") }', 'Syntax Error: Invalid Unicode escape sequence.'],
    ['{ a(b: "canary\\z") }', 'Syntax Error: Invalid character escape sequence.'],
    ['{ salesUnits( { name } }', 'Syntax Error: Expected Name, found "{".'],
    ['{ a b: }', 'Syntax Error: Expected Name, found "}".'],
    ['mutation Int "x"', 'Syntax Error: Expected "{", found String.'],
    ['query Int String', 'Syntax Error: Expected "{", found Name "String".'],
  ])('keeps names and punctuation, and no value: %s', (text, message) => {
    expect(messageOf(text)).toBe(message);
  });
});
