import type { GraphQLResolveInfo, ResponsePath } from 'graphql';
import { isPromise } from '../resolvers/maybe-promise.ts';
import type { FieldPlan, Run, SelectionPlan, Text } from './plan.ts';

/** Returns the JSON of an object: its fields in their order, which may wait for each other's values but not in turn. */
export function selectionText(
  { fields }: SelectionPlan,
  source: unknown,
  run: Run,
  path: ResponsePath | undefined,
): Text {
  let text = '';
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as FieldPlan;
    const value = field.constant ?? fieldText(field, source, run, path);
    if (typeof value !== 'string') return waiting(fields, index, text, value, source, run, path);
    text += field.label + value;
  }
  return closed(text);
}

/** Goes on with the fields behind one that waits. */
function waiting(
  fields: readonly FieldPlan[],
  first: number,
  before: string,
  value: Promise<string>,
  source: unknown,
  run: Run,
  path: ResponsePath | undefined,
): Promise<string> {
  const texts: Text[] = [value];
  try {
    for (let index = first + 1; index < fields.length; index++) {
      const field = fields[index] as FieldPlan;
      texts.push(field.constant ?? fieldText(field, source, run, path));
    }
  } catch (error) {
    // The others may fail as well, and a rejection that nobody handles would end the process.
    return Promise.all(texts).finally(() => {
      throw error;
    }) as Promise<never>;
  }
  return Promise.all(texts).then((known) => {
    let text = before;
    for (let index = 0; index < known.length; index++)
      text += (fields[first + index] as FieldPlan).label + known[index];
    return closed(text);
  });
}

/** The same for the fields of a mutation: each begins when the one before has its value. */
export async function serialText({ fields }: SelectionPlan, source: unknown, run: Run): Promise<string> {
  let text = '';
  for (const field of fields)
    text += field.label + (field.constant ?? (await fieldText(field, source, run, undefined)));
  return closed(text);
}

const closed = (text: string) => (text === '' ? '{}' : `${text}}`);

function fieldText(plan: FieldPlan, source: unknown, run: Run, parent: ResponsePath | undefined): Text {
  const { resolve, complete, hasPath } = plan;
  let path: ResponsePath | undefined;
  const at = () => {
    path ??= { prev: parent, key: plan.key, typename: plan.parentType.name };
    return path;
  };
  try {
    if (hasPath) at();
    const info = new Info(plan, run, path as ResponsePath);
    const value = resolve
      ? resolve(source, plan.args ?? run.argumentsOf(plan), run.context, info)
      : property(plan, source, run, info);
    const text = isPromise(value)
      ? value.then((known) => complete(known, run.goOn(), at(), info))
      : complete(value, run, path, info);
    if (typeof text === 'string') return text;
    return text.then(undefined, (error) => run.fail(error, plan.nodes, at(), plan.isNonNull));
  } catch (error) {
    return run.fail(error, plan.nodes, at(), plan.isNonNull);
  }
}

function property(plan: FieldPlan, source: unknown, run: Run, info: GraphQLResolveInfo): unknown {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const object = source as Readonly<Record<string, unknown>>;
  const value = object[plan.field.name];
  return typeof value === 'function'
    ? value.call(object, plan.args ?? run.argumentsOf(plan), run.context, info)
    : value;
}

/** What resolvers may ask about the field that they resolve. */
class Info implements GraphQLResolveInfo {
  readonly fieldName: string;
  readonly fieldNodes: FieldPlan['nodes'];
  readonly returnType: GraphQLResolveInfo['returnType'];
  readonly parentType: FieldPlan['parentType'];
  readonly path: ResponsePath;
  readonly schema: GraphQLResolveInfo['schema'];
  readonly fragments: GraphQLResolveInfo['fragments'];
  readonly rootValue = undefined;
  readonly operation: GraphQLResolveInfo['operation'];
  readonly variableValues: Record<string, unknown>;

  constructor({ field, nodes, parentType }: FieldPlan, { plan, variables }: Run, path: ResponsePath) {
    this.fieldName = field.name;
    this.fieldNodes = nodes;
    this.returnType = field.type;
    this.parentType = parentType;
    this.path = path;
    this.schema = plan.schema;
    this.fragments = plan.fragments;
    this.operation = plan.operation;
    this.variableValues = variables;
  }
}
