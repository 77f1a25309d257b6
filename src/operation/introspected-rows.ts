import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import { fieldsByName, type SelectionContext } from '../schema/selection/selected-fields.ts';
import { rowsOfWidth } from '../schema/work/cost.ts';

const metaFields = [SchemaMetaFieldDef, TypeMetaFieldDef];

/** Returns whether a root field selects the schema itself. */
export const isIntrospection = ({ name }: FieldNode) => metaFields.some((field) => field.name === name.value);

/** More than any operation may have. Counting stops there. */
const MOST_ROWS = 200_000;

/**
 * Returns the exact number of rows of an introspection field. Types refer to each other, so a few levels of
 * `fields { type { fields …` multiply with no argument that bounds them, and multiplying the longest lists would refuse
 * the standard introspection query of development tools. So this counts the objects as the executor would visit them.
 */
export function introspectedRows(
  schema: GraphQLSchema,
  nodes: readonly FieldNode[],
  context: SelectionContext,
): number {
  let rows = 0;
  const info = { schema } as GraphQLResolveInfo;
  // The same few selections apply to thousands of objects.
  const selections = new Map<readonly FieldNode[], Map<string, FieldNode[]>>();
  const selectionOf = (type: GraphQLObjectType, fieldNodes: readonly FieldNode[]) => {
    const known = selections.get(fieldNodes);
    if (known) return known;
    const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const found = fieldsByName(schema, type, sets, context);
    selections.set(fieldNodes, found);
    return found;
  };

  const countField = (
    source: unknown,
    field: GraphQLField<unknown, unknown>,
    fieldNodes: readonly FieldNode[],
  ) => {
    const [node] = fieldNodes;
    const type = getNamedType(field.type);
    if (!node || !isObjectType(type)) return;
    const resolve = field.resolve ?? defaultFieldResolver;
    const value = resolve(source, argumentsOf(field, node, context), undefined, info);
    const byName = selectionOf(type, fieldNodes);
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item == null || rows > MOST_ROWS) continue;
      rows += rowsOfWidth(byName.size);
      for (const childNodes of byName.values()) {
        const child = type.getFields()[childNodes[0]?.name.value ?? ''];
        if (child) countField(item, child, childNodes);
      }
    }
  };

  const field = metaFields.find(({ name }) => name === nodes[0]?.name.value);
  if (field) countField(undefined, field, nodes);
  return rows;
}

function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { variableValues }: SelectionContext,
): Record<string, unknown> {
  try {
    return getArgumentValues(field, node, variableValues);
  } catch {
    return {};
  }
}
