import type { DocumentNode } from 'graphql';
import { collectDocument } from './collected-document.ts';
import { mergedFieldMetrics } from './merged-field-metrics.ts';
import { longestName, syntaxMetrics } from './syntax-metrics.ts';

/** What is counted in a document. */
export type DocumentMetric =
  | 'characters'
  | 'tokens'
  | 'operations'
  | 'fragments'
  | 'depth'
  | 'fields'
  | 'root fields'
  | 'mutations'
  | 'aliases'
  | 'duplicate fields'
  | 'directives'
  | 'directives at one location'
  | 'value depth'
  | 'name length';

/** The largest legal document of any caller. Counting stops soon after it. */
export type DocumentBounds = Readonly<Record<'fragments' | 'depth' | 'fields', number>>;

/** The size of a document by each metric. */
export interface DocumentMetrics {
  readonly sizes: Readonly<Record<DocumentMetric, number>>;
  readonly introspects: boolean;
}

const measured = new WeakMap<DocumentNode, DocumentMetrics>();

/**
 * Measures a document before it is validated: its fragments may be unknown or cyclic, and its fields may not exist. The
 * time is bounded by the length of the document and the bounds. The result is remembered with the document, so every
 * call must pass the same bounds.
 */
export function documentMetrics(document: DocumentNode, bounds: DocumentBounds): DocumentMetrics {
  const known = measured.get(document);
  if (known) return known;
  const metrics = measure(document, bounds);
  measured.set(document, metrics);
  return metrics;
}

function measure(document: DocumentNode, bounds: DocumentBounds): DocumentMetrics {
  const collected = collectDocument(document);
  const { operations, fragments, introspects } = collected;
  const syntax = syntaxMetrics(collected);
  // A cyclic fragment has no finite depth.
  const isCyclic = fragments.size <= bounds.fragments && fragments.isCyclic;
  const merged = isCyclic
    ? undefined
    : mergedFieldMetrics([...operations, ...fragments.unused], fragments, {
        depth: bounds.depth,
        // Twice the limit, so that a document slightly over a limit is still refused for the right metric.
        selections: 2 * bounds.fields,
      });
  const sizes = {
    // Already checked on the text.
    characters: 0,
    tokens: document.tokenCount ?? 0,
    operations: operations.length,
    fragments: fragments.size,
    depth: merged?.depth ?? Number.POSITIVE_INFINITY,
    fields: merged?.fields ?? 0,
    'root fields': merged?.rootFields ?? 0,
    mutations: merged?.mutations ?? 0,
    aliases: merged?.aliases ?? 0,
    'duplicate fields': merged?.duplicateFields ?? 0,
    directives: syntax.directives,
    'directives at one location': syntax.directivesAtOneLocation,
    'value depth': syntax.valueDepth,
    'name length': longestName(document),
  };
  return { sizes, introspects };
}
