import { type DocumentNode, Kind, visit } from 'graphql';
import type { OperationCost } from './operation.ts';

/** Arguments that decide how many objects a field returns. */
const SIZES = new Set(['first', 'last', 'ids', 'inputs']);

const answers = new WeakMap<DocumentNode, boolean>();
const costs = new WeakMap<DocumentNode, Map<string, OperationCost>>();

/** Returns what `estimate` says, and says it once for a document whose cost no variable can change. */
export function constantCost(
  document: DocumentNode,
  key: string,
  estimate: () => OperationCost | undefined,
): OperationCost | undefined {
  if (dependsOnVariables(document)) return estimate();
  const known = costs.get(document) ?? new Map<string, OperationCost>();
  costs.set(document, known);
  const cost = known.get(key) ?? estimate();
  if (cost) known.set(key, cost);
  return cost;
}

function dependsOnVariables(document: DocumentNode): boolean {
  let answer = answers.get(document);
  if (answer === undefined) {
    answer = false;
    let inside = 0;
    const enter = () => void inside++;
    const leave = () => void inside--;
    visit(document, {
      Directive: { enter, leave },
      Argument: {
        enter: ({ name }) => {
          if (SIZES.has(name.value)) inside++;
        },
        leave: ({ name }) => {
          if (SIZES.has(name.value)) inside--;
        },
      },
      Variable: () => {
        answer ||= inside > 0;
      },
      [Kind.VARIABLE_DEFINITION]: () => false,
    });
    answers.set(document, answer);
  }
  return answer;
}
