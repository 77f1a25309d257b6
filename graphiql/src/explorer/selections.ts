import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  type InlineFragmentNode,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  type NameNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { firstValue } from './values.ts';

/** Fields that say the most about an object, in the order in which they are tried. */
const TELLING = ['nodes', 'productOrder', 'msn', 'productOrderId', 'pricePackageId', 'name', 'code', 'value'];
/** A selection that is added at once is not deeper than a list of objects with one field. */
const MAX_DEPTH = 3;

export const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });

export const fieldsOf = (type: GraphQLNamedType): readonly GraphQLField<unknown, unknown>[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

export const findField = (set: SelectionSetNode | undefined, name: string): FieldNode | undefined =>
  set?.selections.find((one) => one.kind === Kind.FIELD && one.name.value === name) as FieldNode | undefined;

export const findFragment = (set: SelectionSetNode | undefined, type: string) =>
  set?.selections.find(
    (one) => one.kind === Kind.INLINE_FRAGMENT && one.typeCondition?.name.value === type,
  ) as InlineFragmentNode | undefined;

/** Returns a field as it is first selected: with what it requires, and with a field of its own if it is an object. */
export function newField(field: GraphQLField<unknown, unknown>, depth = MAX_DEPTH): FieldNode {
  const type = getNamedType(field.type);
  const required = field.args.filter(isRequiredArgument);
  return {
    kind: Kind.FIELD,
    name: nameNode(field.name),
    arguments: required.map(({ name, type: input }) => ({
      kind: Kind.ARGUMENT,
      name: nameNode(name),
      value: firstValue(input),
    })),
    ...(isCompositeType(type) && { selectionSet: firstSelection(type, depth - 1) }),
  };
}

export const newFragment = (type: GraphQLNamedType): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: nameNode(type.name) },
  selectionSet: firstSelection(type, 1),
});

function firstSelection(type: GraphQLNamedType, depth: number): SelectionSetNode {
  const simple = fieldsOf(type).filter(({ args }) => !args.some(isRequiredArgument));
  const found = TELLING.map((name) => simple.find((field) => field.name === name)).find(
    (field) => field && (depth > 0 || isLeafType(getNamedType(field.type))),
  );
  const first = found ?? simple.find((field) => isLeafType(getNamedType(field.type)));
  const selections = [first ? newField(first, depth) : { kind: Kind.FIELD, name: nameNode('__typename') }];
  return { kind: Kind.SELECTION_SET, selections: selections as SelectionNode[] };
}

/** Returns the selection set with `before` replaced by `after`; without `before` it is added, without `after` removed. */
export function withSelection(
  set: SelectionSetNode | undefined,
  before: SelectionNode | undefined,
  after: SelectionNode | undefined,
): SelectionSetNode {
  const known = set?.selections ?? [];
  const changed = known.map((one) => (one === before ? after : one)).filter((one) => one !== undefined);
  if (before || !after)
    return { kind: Kind.SELECTION_SET, selections: changed.length > 0 ? changed : [PLACEHOLDER] };
  return { kind: Kind.SELECTION_SET, selections: [...withoutPlaceholder(known), after] };
}

/** Keeps a selection valid that has nothing else. */
const PLACEHOLDER: FieldNode = { kind: Kind.FIELD, name: nameNode('__typename') };

function withoutPlaceholder(selections: readonly SelectionNode[]): readonly SelectionNode[] {
  const [first] = selections;
  const isAlone = selections.length === 1 && first?.kind === Kind.FIELD && !first.alias;
  return isAlone && first.name.value === '__typename' ? [] : selections;
}
