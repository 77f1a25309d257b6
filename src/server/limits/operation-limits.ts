import type { Audience } from '../../config/scopes.ts';
import type { DocumentMetric } from '../../operation/document-metrics.ts';

/** The most that a document may have of each. */
export type OperationLimits = Readonly<Record<DocumentMetric, number>>;

/**
 * For applications in a browser, and for GraphiQL, which may send the operations of several tabs in one document. The
 * introspection query of development tools has a depth of 15 and counts like any other.
 */
const browser: OperationLimits = {
  characters: 20_000,
  tokens: 1_000,
  operations: 20,
  fragments: 30,
  depth: 25,
  fields: 500,
  // Lists of objects have fields such as `nodes`. Guessing ids through aliases must go through the rate limit.
  aliases: 15,
  'root fields': 15,
  mutations: 5,
  'duplicate fields': 10,
  directives: 50,
  'directives at one location': 4,
  'value depth': 10,
  // The response repeats an alias in every row.
  'name length': 128,
};

/** Like `browser`, with room for a list of 1,000 ids in the document, which takes one token per id. */
const backend: OperationLimits = {
  ...browser,
  characters: 64_000,
  tokens: 3_000,
  fragments: 50,
  fields: 1_000,
  directives: 100,
};

/**
 * A router merges the fragments of several clients into one operation. It adds aliases to root fields (`_v0_…`), repeats
 * keys, and nests as deeply as its supergraph.
 */
const router: OperationLimits = {
  characters: 100_000,
  tokens: 8_000,
  operations: 5,
  fragments: 100,
  depth: 50,
  fields: 4_000,
  aliases: 200,
  'root fields': 100,
  mutations: 5,
  'duplicate fields': 20,
  directives: 200,
  'directives at one location': 4,
  'value depth': 10,
  'name length': 128,
};

export const operationLimits: Readonly<Record<Audience, OperationLimits>> = { browser, backend, router };

/** The highest limit of any audience, for checks before the audience is known. */
export const highestLimits: OperationLimits = Object.fromEntries(
  (Object.keys(browser) as DocumentMetric[]).map((excess) => [
    excess,
    Math.max(...Object.values(operationLimits).map((limits) => limits[excess])),
  ]),
) as Record<DocumentMetric, number>;
