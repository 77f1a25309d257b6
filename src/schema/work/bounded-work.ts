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
import type { RequestContext } from '../../resolvers/context.ts';
import { isPromise } from '../../resolvers/maybe-promise.ts';
import { rowSize } from './row-size.ts';

/**
 * Applies the bounds of an operation to every field that returns objects: a list is counted before its first row is
 * completed, and long lists, or many objects that wait for one answer, are completed over several turns of the event
 * loop. An object known at once belongs to the row around it, which has been counted. This covers the whole schema, so
 * that no new field can be forgotten.
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
