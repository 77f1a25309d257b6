import type { Audience } from '../../config/scopes.ts';
import type { DocumentMetric } from '../../operation/document-metrics.ts';

/** The most that a document may have of each. */
export type OperationLimits = Readonly<Record<DocumentMetric, number>>;

/**
 * A page of an application: the admin page of the tour has 40 words and signs and 4 levels. What a person types into
 * GraphiQL comes with the documents of other tabs at times, so several operations may stand beside each other. The
 * question for the whole schema, which development tools send, has 15 levels and counts like any other.
 */
const browser: OperationLimits = {
  characters: 20_000,
  tokens: 1_000,
  operations: 20,
  fragments: 30,
  depth: 25,
  fields: 500,
  // Enough to ask for one thing twice. Many things of a kind have a field of their own, `nodes`, and guessing by
  // aliases has to go through the rate limit.
  aliases: 15,
  'root fields': 15,
  mutations: 5,
  'duplicate fields': 10,
  directives: 50,
  'directives at one location': 4,
  'value depth': 10,
};

/** Like a browser, but a list of 1,000 ids may stand in the document, which takes a word each. */
const backend: OperationLimits = {
  ...browser,
  characters: 64_000,
  tokens: 3_000,
  fragments: 50,
  fields: 1_000,
  directives: 100,
};

/**
 * A router puts the questions of several clients' fragments into one operation: it gives root fields aliases of its own
 * (`_v0_…`), repeats keys, and goes as deep as its supergraph does.
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
};

export const operationLimits: Readonly<Record<Audience, OperationLimits>> = { browser, backend, router };

/** The largest of each, where the audience does not matter yet: nobody's document may have more. */
export const highestLimits: OperationLimits = Object.fromEntries(
  (Object.keys(browser) as DocumentMetric[]).map((excess) => [
    excess,
    Math.max(...Object.values(operationLimits).map((limits) => limits[excess])),
  ]),
) as Record<DocumentMetric, number>;
