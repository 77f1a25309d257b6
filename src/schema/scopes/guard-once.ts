import { type GraphQLSchema, isObjectType } from 'graphql';

// On the context: a WeakSet of operations grows with each of them.
const PASSED = Symbol('passed');
type Known = object & { [PASSED]?: Set<unknown> };

/**
 * Makes the guard of each type run once per operation instead of once per object, since a caller's scopes are the same for
 * all of them. A refusal is never remembered. No guard decides the type of an object: behind `Node` its `__typename` does.
 */
export function guardOnce(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.isTypeOf) continue;
    const guard = type.isTypeOf;
    type.isTypeOf = (value, context: Known, info) => {
      if (context[PASSED]?.has(type)) return true;
      const answer = guard(value, context, info);
      if (answer !== true) return answer;
      context[PASSED] ??= new Set();
      context[PASSED].add(type);
      return true;
    };
  }
  return schema;
}
