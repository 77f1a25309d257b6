import { type DocumentNode, Kind, type SelectionSetNode, type ValueNode } from 'graphql';
import { FragmentGraph } from './fragment-graph.ts';

/** What a document has as it is written, before fragments are opened. */
export interface SyntaxMetrics {
  readonly operations: number;
  readonly directives: number;
  readonly directivesAtOneLocation: number;
  readonly valueDepth: number;
  /** It asks for the schema somewhere, whether that operation is the one to run or not. */
  readonly introspects: boolean;
  readonly fragments: FragmentGraph;
}

interface Place {
  readonly directives?:
    | readonly { readonly arguments?: readonly { readonly value: ValueNode }[] | undefined }[]
    | undefined;
  readonly arguments?: readonly { readonly value: ValueNode }[] | undefined;
}

/** Looks at each selection once and without recursion, since nobody has bounded the levels yet. */
export function syntaxMetrics({ definitions }: DocumentNode): SyntaxMetrics {
  let operations = 0;
  let directives = 0;
  let directivesAtOneLocation = 0;
  let valueDepth = 0;
  let introspects = false;
  const fragments = new FragmentGraph();
  const sets: { readonly owner: string; readonly set: SelectionSetNode }[] = [];
  const look = (place: Place) => {
    const count = place.directives?.length ?? 0;
    directives += count;
    directivesAtOneLocation = Math.max(directivesAtOneLocation, count);
    for (const { value } of place.arguments ?? []) valueDepth = Math.max(valueDepth, levelsOf(value));
    for (const directive of place.directives ?? []) look({ arguments: directive.arguments });
  };

  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      look(definition);
      fragments.definitions.set(definition.name.value, definition);
      sets.push({ owner: definition.name.value, set: definition.selectionSet });
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations++;
      look(definition);
      for (const variable of definition.variableDefinitions ?? []) {
        look(variable);
        if (variable.defaultValue) valueDepth = Math.max(valueDepth, levelsOf(variable.defaultValue));
      }
      sets.push({ owner: '', set: definition.selectionSet });
    }
  }
  for (let next = sets.pop(); next; next = sets.pop()) {
    const { owner, set } = next;
    for (const selection of set.selections) {
      look(selection);
      if (selection.kind === Kind.FRAGMENT_SPREAD) fragments.spread(owner, selection.name.value);
      else {
        if (selection.kind === Kind.FIELD && /^__(schema|type)$/.test(selection.name.value))
          introspects = true;
        if (selection.selectionSet) sets.push({ owner, set: selection.selectionSet });
      }
    }
  }
  return { operations, directives, directivesAtOneLocation, valueDepth, introspects, fragments };
}

function levelsOf(value: ValueNode): number {
  let levels = 0;
  for (let row: readonly ValueNode[] = [value]; row.length > 0; levels++)
    row = row.flatMap((item) => {
      if (item.kind === Kind.LIST) return item.values;
      return item.kind === Kind.OBJECT ? item.fields.map((field) => field.value) : [];
    });
  return levels - 1;
}
