import type { AttackRequest } from '../client.ts';
import { jsonHeaders, type TestContext } from '../test-context.ts';

export const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

/** Returns a path whose first letter is written as its code. */
export const withEncodedLetter = (path: string) =>
  path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

export const typed = (
  { target }: TestContext,
  type: string | undefined,
  body = '{"query":"{ __typename }"}',
): AttackRequest => {
  const { 'content-type': _replaced, ...headers } = jsonHeaders(target);
  return { headers: { ...headers, ...(type !== undefined && { 'content-type': type }) }, body };
};

export const asking = (
  authorization: string | undefined,
  query = '{ salesUnits { totalCount } }',
): AttackRequest => ({
  headers: {
    'content-type': 'application/json',
    ...(authorization !== undefined && { authorization }),
  },
  body: JSON.stringify({ query }),
});
