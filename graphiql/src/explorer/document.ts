import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';

/** The operations of a text. `undefined` if it is not valid GraphQL at the moment, as while a person types. */
export function operationsOf(text: string): readonly OperationDefinitionNode[] | undefined {
  // A text of comments only is a new tab, not a mistake.
  if (text.replaceAll(/#.*|[\s,]/g, '') === '') return [];
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch {
    return undefined;
  }
  return document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

/** An operation that nothing was selected in yet. */
export const emptyOperation = (operation: OperationTypeNode): OperationDefinitionNode => ({
  kind: Kind.OPERATION_DEFINITION,
  operation,
  selectionSet: { kind: Kind.SELECTION_SET, selections: [] },
});

export const rootTypes = [
  OperationTypeNode.QUERY,
  OperationTypeNode.MUTATION,
  OperationTypeNode.SUBSCRIPTION,
] as const;

/** Returns the text with an operation replaced, or added at its end. Everything else keeps its comments and spaces. */
export function withOperation(text: string, operation: OperationDefinitionNode): string {
  const printed = print({ ...operation, selectionSet: neverEmpty(operation.selectionSet) });
  const { loc } = operation;
  if (!loc) return `${text.trimEnd()}${text.trim() && '\n\n'}${printed}\n`;
  return text.slice(0, loc.start) + printed + text.slice(loc.end);
}

/** An operation without a field is not valid, and could not be read back. */
function neverEmpty(set: SelectionSetNode): SelectionSetNode {
  if (set.selections.length > 0) return set;
  return { ...set, selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }] };
}
