import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { FragmentGraph } from './fragment-graph.ts';
import { oncePerDocument } from './once-per-document.ts';

/** A node that may have directives or arguments: a definition, a variable, a field or a spread. */
export interface Location {
  readonly kind: Kind;
  readonly directives?: readonly DirectiveNode[] | undefined;
  readonly arguments?: readonly ArgumentNode[] | undefined;
}

/** What every look at a document starts from, collected in one walk. */
export interface CollectedDocument {
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: FragmentGraph;
  /** Every location of the document, unused fragments included. */
  readonly locations: readonly Location[];
  /** True if it selects the schema anywhere, in the operation to run or not. */
  readonly introspects: boolean;
}

/**
 * Returns the parts of a document, which need not be valid. Visits each selection once and without recursion, since the
 * depth is not checked yet.
 */
export const collectDocument = oncePerDocument(collect);

function collect({ definitions }: DocumentNode): CollectedDocument {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new FragmentGraph();
  const locations: Location[] = [];
  let introspects = false;
  const sets: { readonly owner: string; readonly set: SelectionSetNode }[] = [];

  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.add(definition);
      sets.push({ owner: definition.name.value, set: definition.selectionSet });
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations.push(definition);
      for (const variable of definition.variableDefinitions ?? []) locations.push(variable);
      sets.push({ owner: '', set: definition.selectionSet });
    } else continue;
    locations.push(definition);
  }
  for (let next = sets.pop(); next; next = sets.pop()) {
    const { owner, set } = next;
    for (const selection of set.selections) {
      locations.push(selection);
      if (selection.kind === Kind.FRAGMENT_SPREAD) fragments.spread(owner, selection.name.value);
      else {
        if (selection.kind === Kind.FIELD && /^__(schema|type)$/.test(selection.name.value))
          introspects = true;
        if (selection.selectionSet) sets.push({ owner, set: selection.selectionSet });
      }
    }
  }
  return { operations, fragments, locations, introspects };
}
