import { type ASTNode, type ExecutionArgs, getOperationAST, Kind, visit } from 'graphql';

/**
 * Returns the variables that the result of an event can depend on. The arguments of the subscription itself decide which
 * events there are, not what is in them: everybody who reconnects has another `after`.
 */
export function eventVariables({
  document,
  operationName,
  variableValues,
}: Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>): Record<string, unknown> {
  const operation = getOperationAST(document, operationName);
  const [field, another] = operation?.selectionSet.selections ?? [];
  const all = variableValues ?? {};
  if (field?.kind !== Kind.FIELD || another) return all;
  const used = new Set<string>();
  const collect = (node: ASTNode) =>
    visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => {
        used.add(name.value);
      },
    });
  for (const node of [...(field.directives ?? []), ...(operation?.directives ?? [])]) collect(node);
  if (field.selectionSet) collect(field.selectionSet);
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) collect(definition);
  return Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
}
