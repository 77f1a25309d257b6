import { type DocumentNode, Kind } from 'graphql';
import { highestLimits, type OperationLimits } from '../server/limits/operation-limits.ts';
import { flatShape } from './merged-field-metrics.ts';
import { writtenShape } from './syntax-metrics.ts';

/** How much a document has of everything that is limited. */
export interface DocumentShape {
  readonly sizes: OperationLimits;
  readonly introspects: boolean;
}

/** Twice what the largest legal operation has, so that a little more than that is still told by its kind. */
const MAX_SELECTIONS = 2 * highestLimits.fields;
const shapes = new WeakMap<DocumentNode, DocumentShape>();

/**
 * The shape of a document, before it is validated: its fragments may be unknown or contain themselves, its fields may
 * not exist. The time is bounded by the length of the document and a constant. Remembered as long as the document is.
 */
export function documentShape(document: DocumentNode): DocumentShape {
  const known = shapes.get(document);
  if (known) return known;
  const shape = measure(document);
  shapes.set(document, shape);
  return shape;
}

function measure(document: DocumentNode): DocumentShape {
  const { fragments, introspects, ...written } = writtenShape(document);
  // A fragment that contains itself has levels without end.
  const isCyclic = fragments.definitions.size <= highestLimits.fragments && fragments.isCyclic;
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const flat = isCyclic
    ? undefined
    : flatShape([...operations, ...fragments.unused], fragments, {
        levels: highestLimits.levels,
        selections: MAX_SELECTIONS,
      });
  const sizes = {
    // Known from the text already.
    characters: 0,
    'words and signs': document.tokenCount ?? 0,
    operations: written.operations,
    fragments: fragments.definitions.size,
    levels: flat?.levels ?? Number.POSITIVE_INFINITY,
    fields: flat?.fields ?? 0,
    'root fields': flat?.rootFields ?? 0,
    mutations: flat?.mutations ?? 0,
    aliases: flat?.aliases ?? 0,
    'repetitions of one field': flat?.repetitions ?? 0,
    directives: written.directives,
    'directives in one place': written.directivesInOnePlace,
    'levels in a value': written.valueLevels,
  };
  return { sizes, introspects };
}
