import {
  type GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  OperationTypeNode,
} from 'graphql';
import { selectedFields } from '../schema/selection/selected-fields.ts';
import { collectDocument } from './collected-document.ts';
import type { Operation } from './operation.ts';

/**
 * Returns the error of the first field of a mutation whose arguments are invalid; undefined if there is none, or if the
 * executor finds it before it runs any field. The executor itself would reject the arguments of the second field after
 * running the first, and then drop the result of the first.
 */
export function badMutationArgument(
  schema: GraphQLSchema,
  { document, operationName, variables }: Operation,
): GraphQLError | undefined {
  const definition = getOperationAST(document, operationName);
  const fields = schema.getMutationType()?.getFields();
  if (definition?.operation !== OperationTypeNode.MUTATION || !fields) return undefined;
  const given = getVariableValues(schema, definition.variableDefinitions ?? [], variables ?? {}, {
    maxErrors: 1,
  });
  if (!given.coerced) return undefined;
  const fragments = collectDocument(document).fragments.definitions;
  const context = { fragments, variableValues: given.coerced };
  for (const { node } of selectedFields([definition.selectionSet], context)) {
    const field = fields[node.name.value];
    try {
      if (field) getArgumentValues(field, node, given.coerced);
    } catch (error) {
      return error as GraphQLError;
    }
  }
  return undefined;
}
