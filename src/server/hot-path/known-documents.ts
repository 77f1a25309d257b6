import { type DocumentNode, getOperationAST, OperationTypeNode } from 'graphql';
import { CompiledOperation } from '../../execution/compiled-operation.ts';
import type { IsLasting } from '../../execution/compiler.ts';
import { documentMetrics } from '../../operation/document-metrics.ts';
import type { Caller } from '../auth/caller.ts';
import type { EndpointRules } from '../endpoint-rules.ts';
import { highestLimits, operationLimits } from '../limits/operation-limits.ts';
import { documentExcess, parseBounded } from '../limits/use-operation-limits.ts';

/** An operation of a document that this caller may send. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly compiled: CompiledOperation;
}

/** Documents that were parsed, validated and compiled before. */
export class KnownDocuments {
  readonly #rules: EndpointRules;
  readonly #isLasting: IsLasting;
  /** By the name of the operation. Undefined at first: most documents that are not sent again are never needed. */
  readonly #compiled = new WeakMap<DocumentNode, Map<string | undefined, CompiledOperation> | undefined>();

  constructor(rules: EndpointRules, isLasting: IsLasting) {
    this.#rules = rules;
    this.#isLasting = isLasting;
  }

  /** Returns undefined for what this caller may not send, what introspects, and what is neither query nor mutation. */
  find(text: string, name: string | undefined, caller: Caller): KnownOperation | undefined {
    const { audience } = caller;
    if (text.length > operationLimits[audience].characters) return undefined;
    const document = this.#parse(text);
    if (!document) return undefined;
    const { sizes, introspects } = documentMetrics(document, highestLimits);
    if (introspects || documentExcess(sizes, audience) || this.#rules.validate(document).length > 0)
      return undefined;
    const compiled = this.#compile(document, name);
    return compiled && { document, compiled };
  }

  #parse(text: string): DocumentNode | undefined {
    const { documents, parseErrors } = this.#rules;
    const known = documents.get(text);
    if (known || parseErrors.get(text)) return known;
    try {
      const document = parseBounded(text);
      documents.set(text, document);
      return document;
    } catch {
      // The general way parses it again, and remembers the error with its status.
      return undefined;
    }
  }

  #compile(document: DocumentNode, name: string | undefined): CompiledOperation | undefined {
    const kept = this.#compiled.get(document);
    const known = kept?.get(name);
    if (known) return known;
    const operation = getOperationAST(document, name);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    const compiled = new CompiledOperation(this.#rules.schema, document, operation, this.#isLasting);
    if (kept) kept.set(name, compiled);
    else this.#compiled.set(document, this.#compiled.has(document) ? new Map([[name, compiled]]) : undefined);
    return compiled;
  }
}
