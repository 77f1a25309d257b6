import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { paragraphs, table } from './markdown.ts';
import { linkTo } from './type-link.ts';
import { rootType, typeSection } from './type-section.ts';

const INTRO = `# Schema reference

For everyone who writes an operation: every field, argument, type and value. \`npm run schema\` generates this page from
[\`schema.graphql\`](../schema.graphql); do not edit it. [How to](how-to.md) has queries for common tasks, [Queries](querying.md) explains cost, pages
and limits, and [Error codes](error-codes.md) has all errors.

An exclamation mark means «never null», and square brackets mean a list. What a field costs in upstream calls is said at the field or in the description
of its type.`;

/** Returns docs/schema.md for a schema. */
export function schemaReference(sdl: string): string {
  const schema = buildSchema(sdl);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type) => type != null,
  );
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !roots.some((root) => root === type))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const kinds: readonly (readonly [title: string, types: readonly GraphQLNamedType[]])[] = [
    ['Objects', types.filter(isObjectType)],
    ['Interfaces', types.filter(isInterfaceType)],
    ['Unions', types.filter(isUnionType)],
    ['Inputs', types.filter(isInputObjectType)],
    ['Enums', types.filter(isEnumType)],
    ['Scalars', types.filter((type) => isScalarType(type) && !isSpecifiedScalarType(type))],
  ];
  const shown = kinds.filter(([, members]) => members.length > 0);
  return `${paragraphs(
    INTRO,
    contents(roots, shown),
    ...roots.map(rootType),
    ...shown.map(([title, members]) =>
      paragraphs(`## ${title}`, ...members.map((type) => typeSection(type, schema))),
    ),
  )}\n`;
}

function contents(
  roots: readonly GraphQLObjectType[],
  kinds: readonly (readonly [title: string, types: readonly GraphQLNamedType[]])[],
): string {
  const rootRows = roots.map((root) => [
    `[${root.name}](#${root.name.toLowerCase()})`,
    Object.keys(root.getFields())
      .sort()
      .map((name) => `[\`${name}\`](#${`${root.name}${name}`.toLowerCase()})`)
      .join(', '),
  ]);
  const kindRows = kinds.map(([title, types]) => [
    `[${title}](#${title.toLowerCase()})`,
    types.map((type) => linkTo(type)).join(', '),
  ]);
  return table(['Section', 'Contains'], [...rootRows, ...kindRows]);
}
