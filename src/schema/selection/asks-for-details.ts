import { type FieldNode, type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import { costOf } from '../work/cost.ts';
import { fieldsByName } from './selected-fields.ts';

// The executor passes the same array of nodes for every row of a list, so this looks once for a thousand rows.
const answers = new WeakMap<readonly FieldNode[], Map<string, boolean>>();

/**
 * Returns whether the operation selects, of the object in this field, anything that needs a call for that object. Behind a
 * union, `typename` is its type.
 */
export function asksForDetails(info: GraphQLResolveInfo, typename = ''): boolean {
  const byType = answers.get(info.fieldNodes) ?? new Map<string, boolean>();
  let answer = byType.get(typename);
  if (answer === undefined) {
    const type = info.schema.getType(typename || getNamedType(info.returnType).name);
    const selections = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    answer =
      isObjectType(type) &&
      [...fieldsByName(info.schema, type, selections, info).values()].some(([node]) => {
        const field = node && type.getFields()[node.name.value];
        return field !== undefined && costOf(field).details === true;
      });
    byType.set(typename, answer);
    answers.set(info.fieldNodes, byType);
  }
  return answer;
}
