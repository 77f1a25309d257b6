import { type FieldNode, Kind, OperationTypeNode, type SelectionSetNode } from 'graphql';
import type { FragmentGraph } from './fragment-graph.ts';

/** What an operation has once its fragments are opened and equal response keys put together, as its answer has it. */
export interface FlatShape {
  /** Of fields and fragments within each other. */
  readonly levels: number;
  readonly fields: number;
  readonly rootFields: number;
  /** Root fields of mutations. */
  readonly mutations: number;
  readonly aliases: number;
  /** The most fields that stand for one key of the answer. Validation compares each of them with each other. */
  readonly repetitions: number;
}

/** An operation, or a fragment that none names: it is validated all the same. */
interface Root {
  readonly operation?: OperationTypeNode;
  readonly selectionSet: SelectionSetNode;
}

interface Bounds {
  readonly levels: number;
  /** Selections looked at. */
  readonly selections: number;
}

interface Selected {
  readonly set: SelectionSetNode;
  readonly level: number;
}

/** Thrown in the middle of a walk that has no end in sight. */
class OutOfBounds extends Error {}

/**
 * Walks the answers of all `roots` that the types could allow. Directives and type conditions are not weighed: what is
 * skipped at run time is validated all the same. What lies beyond the bounds counts as infinite. No fragment may be
 * cyclic.
 */
export function flatShape(roots: readonly Root[], fragments: FragmentGraph, bounds: Bounds): FlatShape {
  const shape = { levels: 0, fields: 0, rootFields: 0, mutations: 0, aliases: 0, repetitions: 0 };
  let selections = 0;

  const walk = (selected: readonly Selected[]): number => {
    const byKey = new Map<string, { fields: number; below: Selected[] }>();
    const opened = new Set<string>();
    const add = ({ alias, name, selectionSet }: FieldNode, level: number) => {
      const key = alias?.value ?? name.value;
      const same = byKey.get(key) ?? { fields: 0, below: [] };
      byKey.set(key, same);
      same.fields++;
      shape.repetitions = Math.max(shape.repetitions, same.fields);
      if (alias) shape.aliases++;
      if (selectionSet) same.below.push({ set: selectionSet, level: level + 1 });
    };
    const open = (set: SelectionSetNode, level: number) => {
      shape.levels = Math.max(shape.levels, level);
      if (level > bounds.levels) throw new OutOfBounds();
      for (const selection of set.selections) {
        if (++selections > bounds.selections) {
          shape.fields = Number.POSITIVE_INFINITY;
          throw new OutOfBounds();
        }
        if (selection.kind === Kind.FIELD) add(selection, level);
        else if (selection.kind === Kind.INLINE_FRAGMENT) open(selection.selectionSet, level + 1);
        else if (!opened.has(selection.name.value)) {
          opened.add(selection.name.value);
          const fragment = fragments.definitions.get(selection.name.value);
          if (fragment) open(fragment.selectionSet, level + 1);
        }
      }
    };
    for (const { set, level } of selected) open(set, level);
    shape.fields += byKey.size;
    for (const { below } of byKey.values()) if (below.length > 0) walk(below);
    return byKey.size;
  };

  try {
    for (const { operation, selectionSet } of roots) {
      const fields = walk([{ set: selectionSet, level: 1 }]);
      if (operation) shape.rootFields = Math.max(shape.rootFields, fields);
      if (operation === OperationTypeNode.MUTATION) shape.mutations = Math.max(shape.mutations, fields);
    }
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
  }
  return shape;
}
