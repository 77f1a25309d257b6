import { type FieldNode, Kind, OperationTypeNode, type SelectionSetNode } from 'graphql';
import type { FragmentGraph } from './fragment-graph.ts';

/** What an operation has once its fragments are expanded and fields with equal response keys are merged. */
export interface MergedFieldMetrics {
  /** Nesting of fields and fragments. */
  readonly depth: number;
  readonly fields: number;
  readonly rootFields: number;
  /** Root fields of mutations. */
  readonly mutations: number;
  readonly aliases: number;
  /** The most fields that share one response key. Validation compares each of them with every other. */
  readonly duplicateFields: number;
}

/** An operation, or an unused fragment: validation looks at it too. */
interface Root {
  readonly operation?: OperationTypeNode;
  readonly selectionSet: SelectionSetNode;
}

interface Bounds {
  readonly depth: number;
  /** Selections looked at. */
  readonly selections: number;
}

interface Selected {
  readonly set: SelectionSetNode;
  readonly depth: number;
}

/** Stops the walk of an operation that exceeds the bounds. */
class OutOfBounds extends Error {}

/**
 * Measures all `roots` together. Directives and type conditions are ignored, since validation also looks at what is
 * skipped at run time. More selections than the bounds allow count as infinitely many fields. No fragment may be cyclic.
 */
export function mergedFieldMetrics(
  roots: readonly Root[],
  fragments: FragmentGraph,
  bounds: Bounds,
): MergedFieldMetrics {
  const metrics = { depth: 0, fields: 0, rootFields: 0, mutations: 0, aliases: 0, duplicateFields: 0 };
  let selections = 0;

  const walk = (selected: readonly Selected[]): number => {
    const byKey = new Map<string, { fields: number; below: Selected[] }>();
    const opened = new Set<string>();
    const add = ({ alias, name, selectionSet }: FieldNode, depth: number) => {
      const key = alias?.value ?? name.value;
      const same = byKey.get(key) ?? { fields: 0, below: [] };
      byKey.set(key, same);
      same.fields++;
      metrics.duplicateFields = Math.max(metrics.duplicateFields, same.fields);
      if (alias) metrics.aliases++;
      if (selectionSet) same.below.push({ set: selectionSet, depth: depth + 1 });
    };
    const open = (set: SelectionSetNode, depth: number) => {
      metrics.depth = Math.max(metrics.depth, depth);
      if (depth > bounds.depth) throw new OutOfBounds();
      for (const selection of set.selections) {
        if (++selections > bounds.selections) {
          metrics.fields = Number.POSITIVE_INFINITY;
          throw new OutOfBounds();
        }
        if (selection.kind === Kind.FIELD) add(selection, depth);
        else if (selection.kind === Kind.INLINE_FRAGMENT) open(selection.selectionSet, depth + 1);
        else if (!opened.has(selection.name.value)) {
          opened.add(selection.name.value);
          const fragment = fragments.definitions[selection.name.value];
          if (fragment) open(fragment.selectionSet, depth + 1);
        }
      }
    };
    for (const { set, depth } of selected) open(set, depth);
    metrics.fields += byKey.size;
    for (const { below } of byKey.values()) if (below.length > 0) walk(below);
    return byKey.size;
  };

  try {
    for (const { operation, selectionSet } of roots) {
      const fields = walk([{ set: selectionSet, depth: 1 }]);
      if (operation) metrics.rootFields = Math.max(metrics.rootFields, fields);
      if (operation === OperationTypeNode.MUTATION) metrics.mutations = Math.max(metrics.mutations, fields);
    }
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
  }
  return metrics;
}
