import {
  type GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  OperationTypeNode,
} from 'graphql';
import { selectedFields } from '../schema/selected-fields.ts';
import type { Operation } from './operation.ts';

/**
 * What is wrong with the arguments of any field of a mutation; undefined when nothing is, or when the executor will
 * find it before it begins. It would meet the argument of the second field after it has carried out the first, and then
 * take the answer of the first away.
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
  const fragments = Object.create(null);
  for (const node of document.definitions)
    if (node.kind === 'FragmentDefinition') fragments[node.name.value] = node;
  for (const { node } of selectedFields([definition.selectionSet], {
    fragments,
    variableValues: given.coerced,
  })) {
    const field = fields[node.name.value];
    try {
      if (field) getArgumentValues(field, node, given.coerced);
    } catch (error) {
      return error as GraphQLError;
    }
  }
  return undefined;
}
