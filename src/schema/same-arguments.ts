import type { FieldNode, GraphQLResolveInfo } from 'graphql';

// On the context: a WeakMap would keep what belongs to an operation until the next full garbage collection.
const SEEN = Symbol('arguments');
type Known = object & { [SEEN]?: Map<FieldNode, unknown> };

/**
 * Returns the arguments that this field had for the first parent object of the operation. They are the same for every
 * parent, but the executor reads them again for each, so what is computed from them could not be remembered.
 */
export function sameArguments<Args>(args: Args, context: Known, { fieldNodes }: GraphQLResolveInfo): Args {
  const [node] = fieldNodes;
  if (!node) return args;
  context[SEEN] ??= new Map();
  if (!context[SEEN].has(node)) context[SEEN].set(node, args);
  return context[SEEN].get(node) as Args;
}
