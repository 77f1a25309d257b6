import { validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Enough to correct a document in a few rounds. A list of a hundred errors helps no one. */
const MAX_ERRORS = 3;

/** Stops validation at the third error. `hideSuggestions` keeps the schema's names out of the messages. */
export function useValidationLimit(hideSuggestions: boolean): Plugin {
  const options = { maxErrors: MAX_ERRORS, hideSuggestions };
  return {
    onValidate({ setValidationFn }) {
      const validateBriefly: typeof validate = (schema, document, rules) =>
        // graphql-js adds one more error that says it stopped.
        validate(schema, document, rules, options).slice(0, MAX_ERRORS);
      setValidationFn(validateBriefly);
    },
  };
}
