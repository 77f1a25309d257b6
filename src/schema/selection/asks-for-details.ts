import { type FieldNode, type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import { costOf } from '../work/cost.ts';
import { selectedFields } from './selected-fields.ts';

// The executor passes the same array of nodes for every row of a list, so this looks once for a thousand rows.
const answers = new WeakMap<readonly FieldNode[], boolean>();

/** Returns whether the operation selects, of the object in this field, anything that needs a call for that object. */
export function asksForDetails(info: GraphQLResolveInfo): boolean {
  let answer = answers.get(info.fieldNodes);
  if (answer === undefined) {
    const type = getNamedType(info.returnType);
    const fields = isObjectType(type) ? type.getFields() : {};
    const selections = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    answer = selectedFields(selections, info).some(({ node }) => {
      const field = fields[node.name.value];
      return field !== undefined && costOf(field).details === true;
    });
    answers.set(info.fieldNodes, answer);
  }
  return answer;
}
