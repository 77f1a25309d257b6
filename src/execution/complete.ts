import { inspect } from '@graphql-tools/utils';
import {
  defaultTypeResolver,
  type FieldNode,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type ResponsePath,
} from 'graphql';
import { isPromise } from '../resolvers/maybe-promise.ts';
import type { Complete, Planner, Run, SelectionPlan, Text } from './plan.ts';

/** Returns the completion of a type, as GraphQL describes it under «Value Completion». */
export function completeBy(type: GraphQLOutputType, nodes: readonly FieldNode[], planner: Planner): Complete {
  if (isNonNullType(type)) return required(completeBy(type.ofType, nodes, planner));
  const complete = isListType(type)
    ? list(type, nodes, planner)
    : isLeafType(type)
      ? leaf(type)
      : isAbstractType(type)
        ? abstract(type, nodes, planner)
        : objects(nodes, planner)(type);
  return (value, run, path, info) => {
    if (value == null) return 'null';
    if (value instanceof Error) throw value;
    return complete(value, run, path, info);
  };
}

function required(complete: Complete): Complete {
  const refuse = ({ parentType, fieldName }: GraphQLResolveInfo) =>
    new Error(`Cannot return null for non-nullable field ${parentType.name}.${fieldName}.`);
  return (value, run, path, info) => {
    const text = complete(value, run, path, info);
    if (text === 'null') throw refuse(info);
    if (typeof text === 'string') return text;
    return text.then((known) => {
      if (known === 'null') throw refuse(info);
      return known;
    });
  };
}

function leaf(type: GraphQLLeafType): Complete {
  const known = isEnumType(type) ? new Map<unknown, string>() : undefined;
  return (value) => {
    const text = known?.get(value);
    if (text !== undefined) return text;
    const serialized: unknown = type.serialize(value);
    if (serialized == null)
      throw new Error(
        `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
      );
    const json = typeof serialized === 'boolean' ? String(serialized) : JSON.stringify(serialized);
    known?.set(value, json);
    return json;
  };
}

function list(type: GraphQLList<GraphQLOutputType>, nodes: readonly FieldNode[], planner: Planner): Complete {
  const complete = completeBy(type.ofType, nodes, planner);
  const isRequired = isNonNullType(type.ofType);
  const fail = (thrown: unknown, run: Run, path: ResponsePath) => run.fail(thrown, nodes, path, isRequired);
  const failSafely = (thrown: unknown, run: Run, path: ResponsePath, others: readonly Text[]) => {
    try {
      return fail(thrown, run, path);
    } catch (error) {
      // A rejection of another item that nobody handles would end the process.
      for (const other of others) if (isPromise(other)) other.catch(() => {});
      throw error;
    }
  };
  return (value, run, path, info) => {
    if (!isIterable(value))
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${info.parentType.name}.${info.fieldName}".`,
      );
    const items: readonly unknown[] = Array.isArray(value) ? value : [...value];
    const texts: Text[] = new Array(items.length);
    let waits = false;
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      const itemPath = { prev: path, key: index, typename: undefined };
      try {
        const text = isPromise(item)
          ? item.then((known) => complete(known, run.goOn(), itemPath, info))
          : complete(item, run, itemPath, info);
        if (typeof text === 'string') texts[index] = text;
        else {
          waits = true;
          texts[index] = text.then(undefined, (error) => fail(error, run, itemPath));
        }
      } catch (error) {
        texts[index] = failSafely(error, run, itemPath, waits ? texts : []);
      }
    }
    return waits ? Promise.all(texts).then(bracketed) : bracketed(texts as string[]);
  };
}

const bracketed = (texts: readonly string[]) => `[${texts.join(',')}]`;

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

function abstract(type: GraphQLAbstractType, nodes: readonly FieldNode[], planner: Planner): Complete {
  const { schema } = planner;
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const completeObject = objects(nodes, planner);
  const known = new Map<GraphQLObjectType, Complete>();
  const completeAs = (
    name: unknown,
    value: unknown,
    run: Run,
    path: ResponsePath | undefined,
    info: GraphQLResolveInfo,
  ) => {
    const possible = typeof name === 'string' ? schema.getType(name) : undefined;
    if (!isObjectType(possible) || !schema.isSubType(type, possible))
      throw new GraphQLError(
        `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${info.parentType.name}.${info.fieldName}".`,
        { nodes },
      );
    let complete = known.get(possible);
    if (!complete) {
      complete = completeObject(possible);
      known.set(possible, complete);
    }
    return complete(value, run, path, info);
  };
  return (value, run, path, info) => {
    const name = resolveType(value, run.context, info, type);
    return isPromise(name)
      ? name.then((resolved) => completeAs(resolved, value, run.goOn(), path, info))
      : completeAs(name, value, run, path, info);
  };
}

function objects(nodes: readonly FieldNode[], planner: Planner): (type: GraphQLObjectType) => Complete {
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return (type) => {
    let plan: SelectionPlan | undefined;
    const refuse = (value: unknown) =>
      new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes });
    const answer = (value: unknown, run: Run, path: ResponsePath | undefined) => {
      // Planned when the first object is there: most branches of a document never have one.
      plan ??= planner.selection(type, sets);
      return run.objectText(plan, value, path);
    };
    return (value, run, path, info) => {
      const isOfType = type.isTypeOf ? type.isTypeOf(value, run.context, info) : true;
      if (isOfType === true) return answer(value, run, path);
      if (!isPromise(isOfType)) throw refuse(value);
      return isOfType.then((known) => {
        if (!known) throw refuse(value);
        return answer(value, run.goOn(), path);
      });
    };
  };
}
