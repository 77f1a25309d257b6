import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { costOf, defaultOf, textOf, wholeTextOf } from './describe.ts';
import { paragraphs, table } from './markdown.ts';
import { linkTo } from './type-link.ts';

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
const sorted = <Item extends { readonly name: string }>(items: Readonly<Record<string, Item>>) =>
  Object.values(items).sort(byName);

/** Returns the section of Query, Mutation or Subscription, with a heading for each field. */
export const rootType = (root: GraphQLObjectType) =>
  paragraphs(
    `## ${root.name}`,
    wholeTextOf(root),
    ...sorted(root.getFields()).map((field) => rootField(root, field)),
  );

const rootField = (root: GraphQLObjectType, field: GraphQLField<unknown, unknown>) =>
  paragraphs(
    `### ${root.name}.${field.name}`,
    `Type: ${linkTo(field.type)}`,
    textOf(field),
    costOf(field) && `**${costOf(field)}**`,
    argumentTable(field.args),
  );

/** Returns the section of a type. */
export const typeSection = (type: GraphQLNamedType, schema: GraphQLSchema) =>
  paragraphs(`### ${type.name}`, wholeTextOf(type), ...members(type, schema));

function members(type: GraphQLNamedType, schema: GraphQLSchema): string[] {
  if (isObjectType(type)) return [implemented(type), ...fields(type)];
  if (isInterfaceType(type))
    return [listed('Implemented by', schema.getPossibleTypes(type).toSorted(byName)), ...fields(type)];
  if (isUnionType(type)) return [listed('One of', type.getTypes().toSorted(byName))];
  if (isInputObjectType(type)) return inputFields(type);
  if (isEnumType(type)) return [values(type)];
  return isScalarType(type) ? [specification(type)] : [];
}

const listed = (label: string, types: readonly GraphQLNamedType[]) =>
  types.length === 0 ? '' : `${label}: ${types.map((type) => linkTo(type)).join(', ')}`;

const implemented = (type: GraphQLObjectType) => listed('Implements', type.getInterfaces());

function fields(type: GraphQLObjectType | GraphQLInterfaceType): string[] {
  const all = sorted(type.getFields());
  const rows = all.map((field) => [`\`${field.name}\``, linkTo(field.type), textOf(field), costOf(field)]);
  const withArguments = all.filter(({ args }) => args.length > 0);
  return [
    table(['Field', 'Type', 'Description', 'Cost'], rows),
    ...withArguments.map(({ name, args }) =>
      paragraphs(`Arguments of \`${type.name}.${name}\`:`, argumentTable(args)),
    ),
  ];
}

function argumentTable(args: readonly GraphQLArgument[]): string {
  if (args.length === 0) return '';
  const rows = args
    .toSorted(byName)
    .map((arg) => [`\`${arg.name}\``, linkTo(arg.type), defaultOf(arg.astNode), wholeTextOf(arg)]);
  return table(['Argument', 'Type', 'Default', 'Description'], rows);
}

function inputFields(type: GraphQLInputObjectType): string[] {
  const rows = sorted(type.getFields()).map((field) => [
    `\`${field.name}\``,
    linkTo(field.type),
    defaultOf(field.astNode),
    wholeTextOf(field),
  ]);
  return [
    type.isOneOf ? 'Exactly one of the fields must be set (`@oneOf`).' : '',
    table(['Field', 'Type', 'Default', 'Description'], rows),
  ];
}

const values = (type: GraphQLEnumType) =>
  table(
    ['Value', 'Description'],
    type
      .getValues()
      .toSorted(byName)
      .map((value) => [`\`${value.name}\``, wholeTextOf(value)]),
  );

const specification = ({ specifiedByURL }: GraphQLScalarType) =>
  specifiedByURL == null ? '' : `Specified by ${specifiedByURL}`;
