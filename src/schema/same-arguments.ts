import type { FieldNode, GraphQLResolveInfo } from 'graphql';

const seen = new WeakMap<object, WeakMap<FieldNode, unknown>>();

/**
 * Returns the arguments that this field had for the first parent object of the operation. They are the same for every
 * parent, but the executor reads them again for each, so what is computed from them could not be remembered.
 */
export function sameArguments<Args>(args: Args, context: object, { fieldNodes }: GraphQLResolveInfo): Args {
  const [node] = fieldNodes;
  if (!node) return args;
  const ofOperation = seen.get(context) ?? new WeakMap<FieldNode, unknown>();
  seen.set(context, ofOperation);
  if (!ofOperation.has(node)) ofOperation.set(node, args);
  return ofOperation.get(node) as Args;
}
