import {
  type ConstDirectiveNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { entityKeys } from '../../resolvers/representation.ts';
import { costDirectives } from './cost-directives.ts';

/** The newest version that all composers accept. */
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@cost", "@listSize"])`;

/** Returns the schema as sorted text with the directives of a supergraph, which graphql-js does not print. */
export function subgraphText(schema: GraphQLSchema): string {
  const document = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    [Kind.OBJECT_TYPE_DEFINITION]: (node) => ({
      ...node,
      directives: typeDirectives(node.name.value),
      fields: withCosts(schema, node),
    }),
    // Apollo's composition does not know `@oneOf`. Inputs that break it are refused all the same.
    [Kind.INPUT_OBJECT_TYPE_DEFINITION]: (node) => ({ ...node, directives: [] }),
  });
  return `${LINK}\n\n${print(document)}\n`;
}

function typeDirectives(name: string): readonly ConstDirectiveNode[] {
  const fields = Object.entries(entityKeys).find(([type]) => type === name)?.[1];
  if (fields) return directives(`@key(fields: "${fields}")`);
  return name === 'PageInfo' ? directives('@shareable') : [];
}

function withCosts(schema: GraphQLSchema, { name, fields }: ObjectTypeDefinitionNode) {
  const type = schema.getType(name.value);
  return fields?.map((node) => {
    const field = isObjectType(type) ? type.getFields()[node.name.value] : undefined;
    return field
      ? { ...node, directives: [...(node.directives ?? []), ...directives(costDirectives(field))] }
      : node;
  });
}

/** Returns directives from their text. */
function directives(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar Any ${text}`).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
