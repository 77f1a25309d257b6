import {
  type ConstValueNode,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  Kind,
  type ObjectFieldNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

const NUMBERS = new Set(['Int', 'Float']);

/** Returns the value that an argument has when it is first chosen. */
export function firstValue(type: GraphQLInputType): ValueNode {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return { kind: Kind.LIST, values: [] };
  if (isEnumType(nullable)) return { kind: Kind.ENUM, value: nullable.getValues()[0]?.name ?? '' };
  if (!isInputObjectType(nullable)) return literal(nullable, '');
  const required = Object.values(nullable.getFields()).filter(isRequiredInputField);
  return {
    kind: Kind.OBJECT,
    fields: required.map(({ name, type: input }) => objectField(name, firstValue(input))),
  };
}

export const objectField = (name: string, value: ValueNode): ObjectFieldNode => ({
  kind: Kind.OBJECT_FIELD,
  name: { kind: Kind.NAME, value: name },
  value,
});

/** Returns a scalar as a person has typed it. Text that is no number stays text, and the gateway says what is wrong. */
export function literal(type: GraphQLInputType, text: string): ConstValueNode {
  const { name } = getNamedType(type);
  if (name === 'Boolean') return { kind: Kind.BOOLEAN, value: text === 'true' };
  if (!NUMBERS.has(name)) return { kind: Kind.STRING, value: text };
  if (text === '') return { kind: Kind.INT, value: '0' };
  if (/^-?\d+$/.test(text)) return { kind: Kind.INT, value: String(BigInt(text)) };
  return Number.isFinite(Number(text))
    ? { kind: Kind.FLOAT, value: String(Number(text)) }
    : { kind: Kind.STRING, value: text };
}

/** Returns a value as text for an input; a list as its items with commas. */
export function textOf(value: ValueNode | undefined): string {
  if (!value || value.kind === Kind.NULL) return '';
  if (value.kind === Kind.LIST) return value.values.map(textOf).join(', ');
  if (value.kind === Kind.VARIABLE) return `$${value.name.value}`;
  return String(valueFromASTUntyped(value));
}

/** The items of a list. GraphQL reads a single value as a list of one. */
export const itemsOf = (value: ValueNode | undefined): readonly ValueNode[] =>
  value === undefined ? [] : value.kind === Kind.LIST ? value.values : [value];
