import type { DocumentNode, GraphQLError, Source, SourceLocation } from 'graphql';

const lineStarts = new WeakMap<Source, readonly number[]>();

/**
 * Replaces the text of a parsed document by an index of its lines. graphql-js scans the text for every error to find its
 * line: thousands of errors in a document of many lines took seconds. Nothing else reads the text after parsing.
 */
export function indexLines(document: DocumentNode): DocumentNode {
  const source = document.loc?.source;
  if (!source || lineStarts.has(source)) return document;
  const starts = [0];
  for (const { index, 0: lineBreak } of source.body.matchAll(/\r\n|[\n\r]/g))
    starts.push(index + lineBreak.length);
  lineStarts.set(source, starts);
  source.body = '';
  return document;
}

/** Returns the locations of an error in its document; its own where the document was not indexed. */
export function locationsOf({ nodes, locations }: GraphQLError): readonly SourceLocation[] | undefined {
  const found = nodes?.flatMap(({ loc }) => {
    const starts = loc && lineStarts.get(loc.source);
    return starts ? [locate(starts, loc.start)] : [];
  });
  return found && found.length > 0 ? found : locations;
}

function locate(starts: readonly number[], position: number): SourceLocation {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: position - (starts[low] ?? 0) + 1 };
}
