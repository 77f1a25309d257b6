import { type ArgumentNode, type DocumentNode, Kind, TokenKind, type VariableDefinitionNode } from 'graphql';
import type { CollectedDocument, Location } from './collected-document.ts';
import { valueDepth } from './value-node.ts';

/** What a document has as it is written, before fragments are expanded. */
export interface SyntaxMetrics {
  readonly directives: number;
  readonly directivesAtOneLocation: number;
  readonly valueDepth: number;
}

/** Returns the counts over all locations of the document, unused fragments included. */
export function syntaxMetrics({ locations }: CollectedDocument): SyntaxMetrics {
  const metrics = { directives: 0, directivesAtOneLocation: 0, valueDepth: 0 };
  const addValues = (nodes: readonly ArgumentNode[] = []) => {
    for (const { value } of nodes) metrics.valueDepth = Math.max(metrics.valueDepth, valueDepth(value));
  };
  for (const location of locations) {
    const directives = location.directives ?? [];
    metrics.directives += directives.length;
    metrics.directivesAtOneLocation = Math.max(metrics.directivesAtOneLocation, directives.length);
    addValues(location.arguments);
    for (const directive of directives) addValues(directive.arguments);
    const defaultValue = isVariable(location) ? location.defaultValue : undefined;
    if (defaultValue) metrics.valueDepth = Math.max(metrics.valueDepth, valueDepth(defaultValue));
  }
  return metrics;
}

/** Returns the length of the longest name anywhere in the document, such as an alias, which the response repeats per row. */
export function longestName({ loc }: DocumentNode): number {
  let longest = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined)
    if (token.kind === TokenKind.NAME) longest = Math.max(longest, token.end - token.start);
  return longest;
}

const isVariable = (location: Location): location is VariableDefinitionNode =>
  location.kind === Kind.VARIABLE_DEFINITION;
