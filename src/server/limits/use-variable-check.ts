import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { inputProblems } from '../../operation/input-problems.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { InvalidVariable } from '../errors/invalid-variable.ts';
import { beforeOperations, type CheckedOperation } from './before-operations.ts';

const MAX_ERRORS = 3;

type Variables = Readonly<Record<string, unknown>>;

/**
 * Refuses variables that do not match their declared types, with the first three problems. The executor would report up
 * to fifty, each with the whole value. With `terse`, callers without the scope `introspect` get no names of the schema.
 */
export function useVariableCheck(terse: boolean): Plugin<OperationContext> {
  return beforeOperations((operation) => checkVariables(operation, terse));
}

/** Returns the result of an operation whose variables do not match their types; undefined if they do. */
export function checkVariables(
  { schema, document, operationName, variableValues, contextValue }: CheckedOperation,
  terse: boolean,
): ExecutionResult | undefined {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions;
  if (!definitions?.length) return undefined;
  const isTerse = terse && !contextValue.caller.scopes.has('introspect');
  const errors = variableErrors(schema, definitions, variableValues ?? {}, isTerse);
  return errors.length > 0 ? { errors } : undefined;
}

function variableErrors(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Variables,
  terse: boolean,
): GraphQLError[] {
  const errors: GraphQLError[] = [];
  for (const definition of definitions) {
    const room = MAX_ERRORS - errors.length;
    for (const problem of problemsOf(schema, definition, variables, room)) {
      const originalError = new InvalidVariable(definition, problem, terse);
      errors.push(
        toClientError(new GraphQLError(originalError.message, { nodes: definition, originalError }), terse),
      );
    }
    if (errors.length >= MAX_ERRORS) break;
  }
  return errors;
}

function problemsOf(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Variables,
  most: number,
) {
  // Validation has checked that the type exists and is an input type.
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return [];
  const name = definition.variable.name.value;
  if (Object.hasOwn(variables, name)) return inputProblems(variables[name], type, most);
  return definition.defaultValue === undefined && isNonNullType(type) ? [undefined] : [];
}
