import { parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Audience } from '../../config/scopes.ts';
import { type DocumentMetric, documentMetrics } from '../../operation/document-metrics.ts';
import { indexLines } from '../errors/line-index.ts';
import { IntrospectionDisabled, OperationTooComplex } from '../errors/request-errors.ts';
import { requireCaller } from '../request-state.ts';
import { highestLimits, operationLimits } from './operation-limits.ts';

/**
 * Refuses a document that exceeds the limits of its caller, and introspection without its scope. Both come before
 * validation, which compares fields with each other and is therefore the target of hostile documents.
 */
export function useOperationLimits(): Plugin {
  return {
    onParse({ context, params, setParseFn }) {
      const { characters } = operationLimits[requireCaller(requestOf(context)).audience];
      if (String(params.source).length > characters) throw new OperationTooComplex('characters');
      setParseFn(parseBounded);
    },
    onValidate({ context, params: { documentAST } }) {
      const { audience, scopes } = requireCaller(requestOf(context));
      const { sizes, introspects } = documentMetrics(documentAST, highestLimits);
      const excess = documentExcess(sizes, audience);
      if (excess) throw new OperationTooComplex(excess);
      if (introspects && !scopes.has('introspect')) throw new IntrospectionDisabled('the scope is missing');
    },
  };
}

/** Returns of what a document has more than its caller may send; undefined if it may be run. */
export function documentExcess(
  sizes: Readonly<Record<DocumentMetric, number>>,
  audience: Audience,
): DocumentMetric | undefined {
  const limits = operationLimits[audience];
  return (Object.keys(limits) as DocumentMetric[]).find((metric) => sizes[metric] > limits[metric]);
}

const requestOf = (context: unknown) => (context as { readonly request: Request }).request;

/**
 * Parses with the highest limit of all audiences. The result is cached by the text alone, so it must be the same for all
 * callers. The caller's own limit is checked on the parsed document.
 */
export function parseBounded(...[source, options]: Parameters<typeof parse>): ReturnType<typeof parse> {
  try {
    return indexLines(parse(source, { ...options, maxTokens: highestLimits.tokens }));
  } catch (error) {
    if (error instanceof RangeError) throw new OperationTooComplex('depth');
    if (error instanceof Error && error.message.endsWith('tokens. Parsing aborted.'))
      throw new OperationTooComplex('tokens');
    throw error;
  }
}
