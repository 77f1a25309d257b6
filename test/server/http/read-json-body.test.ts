import { expect, it } from 'vitest';
import { readJsonBody, requireFewParts } from '../../../src/server/http/read-json-body.ts';

const MEBIBYTE = 1024 * 1024;
const bodyOf = (variables: string) => Buffer.from(`{"query":"{ __typename }","variables":${variables}}`);
const members = (count: number) =>
  `{${Array.from({ length: count }, (_, index) => `"${index.toString(36)}":1`).join()}}`;

it.each([
  ['names', members(700_000)],
  ['small objects', `{"v":[${'{"a":1},'.repeat(700_000)}1]}`],
  ['lists', `{"v":[${'[],'.repeat(1_100_000)}1]}`],
  ['escapes', `{"v":"${'\\u0061'.repeat(1_100_000)}"}`],
])('refuses a long body of many %s before it is parsed', async (_what, variables) => {
  const body = bodyOf(variables);
  expect(body.length).toBeGreaterThan(MEBIBYTE);
  await expect(requireFewParts(body)).rejects.toThrow(/too many/);
});

it.each([
  ['a long text', `{"v":"data:image/png;base64,${'iVBORw0KGgo/'.repeat(800_000)}"}`],
  ['a long text and a few members', `{"v":"${'x'.repeat(2 * MEBIBYTE)}","w":${members(50_000)}}`],
  ['as many names as a short body may have', members(100_000)],
])('reads %s', async (_what, variables) => {
  const body = bodyOf(variables);
  await requireFewParts(body);
  expect(readJsonBody(body)).toMatchObject({ query: '{ __typename }' });
});

it('counts the parts of a long body in several turns of the event loop', async () => {
  let turns = 0;
  const turn = () => {
    turns++;
    immediate = setImmediate(turn);
  };
  let immediate = setImmediate(turn);
  await requireFewParts(Buffer.alloc(10 * MEBIBYTE, ' '));
  clearImmediate(immediate);
  expect(turns).toBeGreaterThanOrEqual(9);
});
