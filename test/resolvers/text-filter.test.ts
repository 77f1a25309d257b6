import { describe, expect, it } from 'vitest';
import { textTest } from '../../src/resolvers/text-filter.ts';

describe('a text filter', () => {
  it.each([
    ['nothing', {}, 'Kaffebar', true],
    ['equals', { equals: 'Kaffebar' }, 'Kaffebar', true],
    ['equals in another case', { equals: 'kaffebar' }, 'Kaffebar', false],
    ['one of a list', { in: ['A', 'Kaffebar'] }, 'Kaffebar', true],
    ['an empty list', { in: [] }, 'Kaffebar', false],
    ['contains in another case', { contains: 'FEB' }, 'Kaffebar', true],
    ['starts with in another case', { startsWith: 'KAF' }, 'Kaffebar', true],
    ['starts with what stands later', { startsWith: 'bar' }, 'Kaffebar', false],
    ['two conditions that hold', { contains: 'bar', startsWith: 'kaffe' }, 'Kaffebar', true],
    ['two conditions of which one does not', { contains: 'te', startsWith: 'kaffe' }, 'Kaffebar', false],
    ['a letter typed as two signs', { contains: 'pa\u030a nett' }, 'Kaffebar på nett', true],
    ['null for a condition', { equals: null, contains: null }, 'Kaffebar', true],
  ])('with %s', (_what, filter, text, passes) => {
    expect(textTest(filter)(text)).toBe(passes);
  });
});
