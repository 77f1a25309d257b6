import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
} from 'graphql';
import type { RowSize } from '../../resolvers/context.ts';
import { fieldsByName } from '../selection/selected-fields.ts';
import { rowsOfWidth } from './cost.ts';

// The executor passes the same array of nodes for every row of a list, so a thousand rows are measured once.
const sizes = new WeakMap<readonly FieldNode[], RowSize>();

/**
 * Returns the size of one object of this field, including the objects inside it. Lists inside it are excluded, since
 * their length is known only when they are resolved.
 */
export function rowSize(info: GraphQLResolveInfo): RowSize {
  let size = sizes.get(info.fieldNodes);
  if (!size) {
    size = sizeBehind(info.returnType, info.fieldNodes, info);
    sizes.set(info.fieldNodes, size);
  }
  return size;
}

function sizeBehind(
  returnType: GraphQLOutputType,
  nodes: readonly FieldNode[],
  info: GraphQLResolveInfo,
): RowSize {
  const type = getNamedType(returnType);
  const types = isAbstractType(type) ? info.schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  const possible = types.map((one) => sizeOf(one, nodes, info));
  return {
    rows: Math.max(0, ...possible.map(({ rows }) => rows)),
    fields: Math.max(0, ...possible.map(({ fields }) => fields)),
  };
}

function sizeOf(type: GraphQLObjectType, nodes: readonly FieldNode[], info: GraphQLResolveInfo): RowSize {
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const byName = fieldsByName(info.schema, type, sets, info);
  let rows = rowsOfWidth(byName.size);
  let fields = byName.size;
  for (const childNodes of byName.values()) {
    const field = type.getFields()[childNodes[0]?.name.value ?? ''];
    if (!field || isListType(getNullableType(field.type))) continue;
    const child = sizeBehind(field.type, childNodes, info);
    rows += child.rows;
    fields += child.fields;
  }
  return { rows, fields };
}
