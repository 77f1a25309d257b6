import type { GraphQLInputType, ValueNode } from 'graphql';

/** An argument, or a field of an input object, with its value in the query. */
export interface ValueEditorProps {
  readonly name: string;
  readonly description: string | undefined;
  readonly type: GraphQLInputType;
  readonly value: ValueNode | undefined;
  /** Called without a value when the argument is to be left out. */
  readonly onChange: (value: ValueNode | undefined) => void;
}
