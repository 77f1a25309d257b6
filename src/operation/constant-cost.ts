import type { ArgumentNode, DocumentNode } from 'graphql';
import { collectDocument } from './collected-document.ts';
import { oncePerDocument } from './once-per-document.ts';
import type { OperationCost } from './operation.ts';
import { containsVariable } from './value-node.ts';

/** Arguments that decide how many objects a field returns, and whether they come from the directory. */
const DECISIVE = new Set(['first', 'last', 'ids', 'inputs', 'representations', 'query', 'filter', 'orderBy']);

const costsOf = oncePerDocument(() => new Map<string, OperationCost>());

/** Returns what `estimate` returns. Calls it once per `key` for a document whose cost depends on no variable. */
export function constantCost(
  document: DocumentNode,
  key: string,
  estimate: () => OperationCost | undefined,
): OperationCost | undefined {
  if (dependsOnVariables(document)) return estimate();
  const costs = costsOf(document);
  const cost = costs.get(key) ?? estimate();
  if (cost) costs.set(key, cost);
  return cost;
}

const dependsOnVariables = oncePerDocument((document) => {
  const { locations, introspects } = collectDocument(document);
  // Every argument of an introspection field decides which objects are returned.
  const isDecisive = (argument: ArgumentNode) => introspects || DECISIVE.has(argument.name.value);
  return locations.some(
    (location) =>
      location.arguments?.some((argument) => isDecisive(argument) && hasVariable(argument)) ||
      location.directives?.some((directive) => directive.arguments?.some(hasVariable)),
  );
});

const hasVariable = ({ value }: ArgumentNode) => containsVariable(value);
