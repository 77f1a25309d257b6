import { type GraphQLSchema, isObjectType } from 'graphql';

/**
 * Makes the guard of each type run once per operation instead of once per object, since a caller's scopes are the same for
 * all of them. A refusal is never remembered. No guard decides the type of an object: behind `Node` its `__typename` does.
 */
export function guardOnce(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.isTypeOf) continue;
    const guard = type.isTypeOf;
    const passed = new WeakSet<object>();
    type.isTypeOf = (value, context: object, info) => {
      if (passed.has(context)) return true;
      const answer = guard(value, context, info);
      if (answer === true) passed.add(context);
      return answer;
    };
  }
  return schema;
}
