import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';
import { expect, it } from 'vitest';
import { nameNode, withSelection } from '../../graphiql/src/explorer/selections.ts';

const field = (name: string): FieldNode => ({ kind: Kind.FIELD, name: nameNode(name) });
const setOf = (text: string): SelectionSetNode =>
  (parse(text).definitions[0] as OperationDefinitionNode).selectionSet;
const flat = (set: SelectionSetNode) => print(set).replaceAll(/\s+/g, ' ');

it.each([
  ['{ __typename }', '{ name }'],
  ['{ __typename id }', '{ __typename id name }'],
  ['{ kind: __typename }', '{ kind: __typename name }'],
])('adds a field to %s', (before, after) => {
  expect(flat(withSelection(setOf(before), undefined, field('name')))).toBe(after);
});

it('leaves a __typename alone when something below its neighbour changes', () => {
  const set = setOf('{ __typename unit { id } }');
  const [, unit] = set.selections;
  const changed = { ...field('unit'), selectionSet: setOf('{ name }') };
  expect(flat(withSelection(set, unit, changed))).toBe('{ __typename unit { name } }');
});

it('leaves a field with a selection when its last subfield is removed', () => {
  const set = setOf('{ nodes }');
  expect(flat(withSelection(set, set.selections[0], undefined))).toBe('{ __typename }');
});
