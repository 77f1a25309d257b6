import { type DocumentNode, type GraphQLError, type GraphQLSchema, specifiedRules, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Enough to correct a document in a few rounds. A list of a hundred errors helps no one. */
const MAX_ERRORS = 3;

/** Returns the first errors of a document; none for one that is valid. */
export type Validate = (document: DocumentNode) => readonly GraphQLError[];

/**
 * Returns a validation that stops at the third error, and remembers its result with the document. `hideSuggestions` keeps
 * the schema's names out of the messages.
 */
export function createValidate(schema: GraphQLSchema, hideSuggestions: boolean): Validate {
  const options = { maxErrors: MAX_ERRORS, hideSuggestions };
  const known = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  return (document) => {
    // graphql-js adds one more error that says it stopped.
    const errors =
      known.get(document) ?? validate(schema, document, specifiedRules, options).slice(0, MAX_ERRORS);
    known.set(document, errors);
    return errors;
  };
}

/** Validates documents by `validate`. */
export function useValidationLimit(validate: Validate): Plugin {
  return {
    onValidate({ setValidationFn }) {
      setValidationFn((_schema, document) => validate(document));
    },
  };
}
