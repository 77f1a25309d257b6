import { type GraphQLSchema, isObjectType } from 'graphql';

/**
 * Lets the guard of a type look at an operation once instead of at each of its objects: what a caller may do is the same
 * for all of them. A refusal is thrown every time. No guard is asked which type an object is: behind `Node` its
 * `__typename` says so.
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
