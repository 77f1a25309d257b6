import { type FieldNode, type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import { costOf } from './cost.ts';
import { selectedFields } from './selected-fields.ts';

// The executor hands the same array of nodes to every row of a list, so a thousand rows ask once.
const answers = new WeakMap<readonly FieldNode[], boolean>();

/** Whether the query asks the object behind this field for anything that only a call for that object tells. */
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
