import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';
import type { RequestContext } from '../resolvers/context.ts';
import { rowSize } from './row-size.ts';

/**
 * Puts every field that returns objects under the bounds of its operation: a list is counted before its first row is
 * completed, and long lists, or many objects that wait for one answer, are completed over several turns of the event
 * loop. Done here for the whole schema, so that a new field cannot be forgotten.
 */
export function boundWork(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      if (isCompositeType(getNamedType(field.type))) field.resolve = bounded(field);
  }
  return schema;
}

type Resolve = GraphQLFieldResolver<unknown, RequestContext>;

function bounded(field: GraphQLField<unknown, RequestContext>): Resolve {
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  if (isListType(getNullableType(field.type)))
    return (source, args, context, info) => {
      const rows = resolve(source, args, context, info);
      const list = (known: unknown) =>
        Array.isArray(known) ? context.work.list(known, rowSize(info)) : known;
      return isPromise(rows) ? rows.then(list) : list(rows);
    };
  return (source, args, context, info) => {
    const value = resolve(source, args, context, info);
    if (context.work.isSmall || !isPromise(value)) return value;
    return value.then((known) => context.work.object(known, rowSize(info)));
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function';
