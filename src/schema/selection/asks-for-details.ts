import { type FieldNode, type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import { costOf } from '../work/cost.ts';
import { fieldsByName } from './selected-fields.ts';

// The executor passes the same array of nodes for every row of a list, so this looks once for a thousand rows.
const answers = new WeakMap<readonly FieldNode[], boolean>();

/**
 * Returns whether the operation selects, of the object in this field, anything that needs a call for that object. Behind a
 * union, `typename` is its type.
 */
export function asksForDetails(
  info: GraphQLResolveInfo,
  typename = getNamedType(info.returnType).name,
): boolean {
  let answer = answers.get(info.fieldNodes);
  if (answer === undefined) {
    const type = info.schema.getType(typename);
    const selections = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    answer =
      isObjectType(type) &&
      [...fieldsByName(info.schema, type, selections, info).values()].some(([node]) => {
        const field = node && type.getFields()[node.name.value];
        return field !== undefined && costOf(field).details === true;
      });
    answers.set(info.fieldNodes, answer);
  }
  return answer;
}
