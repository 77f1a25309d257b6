import type { GraphQLError, GraphQLErrorExtensions } from 'graphql';

/** What the errors of fields that fail for the same reason have in common. */
export type CommonToErrors = Pick<GraphQLError, 'message' | 'extensions' | 'originalError'>;

/**
 * A client error without location and request id. Creating a `GraphQLError` for each of thousands of null fields would take
 * longer than everything else about them. Serialized as it is.
 */
export class BriefError {
  readonly message: string;
  readonly path: GraphQLError['path'];
  readonly extensions: GraphQLErrorExtensions;
  readonly #originalError: GraphQLError['originalError'];

  constructor({ message, extensions, originalError }: CommonToErrors, path: GraphQLError['path']) {
    this.message = message;
    this.path = path;
    this.extensions = extensions;
    this.#originalError = originalError;
  }

  get originalError(): GraphQLError['originalError'] {
    return this.#originalError;
  }
}
