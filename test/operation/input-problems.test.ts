import fc from 'fast-check';
import { buildSchema, getVariableValues, isInputType, parse, parseType, typeFromAST } from 'graphql';
import { describe, expect, it } from 'vitest';
import { inputProblems } from '../../src/operation/input-problems.ts';

const schema = buildSchema(`
  type Query { a: Int }
  enum Color { RED GREEN }
  scalar Any
  input Inner { n: Int!, s: [String!], c: Color = RED, deep: Inner }
  input Choice @oneOf { a: Int, b: String }
  input Outer { inner: Inner, list: [[Inner!]]!, choice: Choice, id: ID, f: Float, b: Boolean, any: Any }
`);
const types = [
  'Int',
  'Int!',
  '[Int]',
  '[[ID!]!]',
  'Color',
  'Boolean!',
  'Inner',
  '[Inner!]',
  'Choice',
  'Outer',
  'Any',
];

const problemsOf = (value: unknown, type: string, most = 3) => {
  const input = typeFromAST(schema, parseType(type));
  if (!isInputType(input)) throw new Error(`${type} is no input`);
  return inputProblems(value, input, most);
};

const leaf = fc.constantFrom<unknown>(null, 0, 1.5, 2 ** 40, -1, '', 'x', 'RED', 'BLUE', '7', true, 1e308);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: 'large' },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'n',
        's',
        'c',
        'deep',
        'a',
        'b',
        'inner',
        'list',
        'choice',
        'id',
        'f',
        'any',
        'zz',
        '__proto__',
      ),
      tie('json'),
      { maxKeys: 4 },
    ),
  ),
}));

describe('the problems of an input', () => {
  it('are found exactly where graphql-js finds them', () => {
    let valid = 0;
    fc.assert(
      fc.property(fc.constantFrom(...types), json, (type, generated) => {
        const value: unknown = JSON.parse(JSON.stringify(generated));
        const [definition] = parse(`query ($v: ${type}) { a }`).definitions;
        if (definition?.kind !== 'OperationDefinition') throw new Error('no operation');
        const { errors = [] } = getVariableValues(schema, definition.variableDefinitions ?? [], { v: value });
        if (errors.length === 0) valid++;
        expect(problemsOf(value, type, Number.POSITIVE_INFINITY).length > 0).toBe(errors.length > 0);
      }),
      { numRuns: 5_000, seed: 5 },
    );
    expect(valid).toBeGreaterThan(200);
  });

  it.each([
    ['Outer', { list: [[{ n: 'x' }]] }, [{ path: ['list', 0, 0, 'n'], kind: 'invalid' }]],
    ['Outer', {}, [{ path: [], kind: 'missing field', field: { name: 'list' } }]],
    ['Inner', { n: 1, deep: { n: 1, m: 1 } }, [{ path: ['deep'], kind: 'unknown field', name: 'm' }]],
    ['Inner', { n: 1, c: 'BLUE' }, [{ path: ['c'], kind: 'invalid' }]],
    ['[Color!]', 'BLUE', [{ path: [], kind: 'invalid' }]],
    ['Choice', { a: 1, b: 'x' }, [{ path: [], kind: 'not one key' }]],
  ])('have the place and the kind: %s', (type, value, problems) => {
    expect(problemsOf(value, type)).toMatchObject(problems);
  });

  it('are no more than asked for, and the rest of the value is not read', () => {
    let reads = 0;
    const item = Object.defineProperty({}, 'n', { enumerable: true, get: () => ++reads && 'x' });
    expect(problemsOf(Array(1_000).fill(item), '[Inner!]', 3)).toHaveLength(3);
    expect(reads).toBeLessThanOrEqual(3);
  });
});
