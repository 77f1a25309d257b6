import type { GraphQLArgument, GraphQLInputField } from 'graphql';

/** The most that a client may send for an argument or an input field. Stored in its extensions. */
export interface InputSize {
  /** Characters of each text. */
  readonly maxLength?: number;
  /** Items of the list; `page` for as many as a page may have. */
  readonly maxItems?: number | 'page';
}

/** Applies to every argument and input field that declares no size of its own. */
const DEFAULT_SIZE = { maxLength: 1_024, maxItems: 1_000 } as const;

/** Returns the `extensions` of an argument or input field with this size. */
export const inputSize = (size: InputSize) => ({ size });

/** Returns the size of an argument or input field. */
export const inputSizeOf = (input: GraphQLArgument | GraphQLInputField): Required<InputSize> => ({
  ...DEFAULT_SIZE,
  ...(input.extensions['size'] as InputSize | undefined),
});
