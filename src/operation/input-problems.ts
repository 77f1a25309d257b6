import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isSpecifiedScalarType,
} from 'graphql';

/** Where and how a value violates its type. Contains no part of the value except names of keys. */
export type InputProblem = { readonly path: readonly (string | number)[] } & (
  | { readonly kind: 'invalid'; readonly type: GraphQLInputType }
  | {
      readonly kind: 'missing field';
      readonly type: GraphQLInputObjectType;
      readonly field: GraphQLInputField;
    }
  | { readonly kind: 'unknown field'; readonly type: GraphQLInputObjectType; readonly name: string }
  | { readonly kind: 'not one key'; readonly type: GraphQLInputObjectType }
);

/** Stops the walk once there are enough problems. */
class Enough extends Error {}

/**
 * Returns the first `most` problems of a JSON value for an input type; none for a valid value. Follows the rules of
 * graphql-js, which would print the whole value once per problem. The time is linear in the part of the value it visits.
 */
export function inputProblems(value: unknown, type: GraphQLInputType, most: number): InputProblem[] {
  const walk = new Walk(most);
  try {
    walk.visit(value, type);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return walk.problems;
}

type WithoutPath<Problem> = Problem extends unknown ? Omit<Problem, 'path'> : never;

class Walk {
  readonly problems: InputProblem[] = [];
  readonly #path: (string | number)[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  visit(value: unknown, type: GraphQLInputType): void {
    if (isNonNullType(type)) {
      if (value == null) this.#add({ kind: 'invalid', type });
      else this.visit(value, type.ofType);
    } else if (value == null) return;
    else if (isListType(type)) {
      // A single value is also valid for a list.
      if (!Array.isArray(value)) this.visit(value, type.ofType);
      else for (const [index, item] of value.entries()) this.#visitAt(index, item, type.ofType);
    } else if (isInputObjectType(type)) this.#visitObject(value, type);
    else if (!isLegalLeaf(value, type)) this.#add({ kind: 'invalid', type });
  }

  #visitObject(value: unknown, type: GraphQLInputObjectType): void {
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.#add({ kind: 'invalid', type });
      return;
    }
    const given = value as Readonly<Record<string, unknown>>;
    const fields = type.getFields();
    for (const field of Object.values(fields)) {
      if (Object.hasOwn(given, field.name)) this.#visitAt(field.name, given[field.name], field.type);
      else if (isRequiredInputField(field)) this.#add({ kind: 'missing field', type, field });
    }
    const names = Object.keys(given);
    for (const name of names) if (!fields[name]) this.#add({ kind: 'unknown field', type, name });
    if (type.isOneOf && (names.length !== 1 || given[names[0] ?? ''] === null))
      this.#add({ kind: 'not one key', type });
  }

  #visitAt(key: string | number, value: unknown, type: GraphQLInputType): void {
    this.#path.push(key);
    this.visit(value, type);
    this.#path.pop();
  }

  #add(problem: WithoutPath<InputProblem>): void {
    this.problems.push({ ...problem, path: [...this.#path] } as InputProblem);
    if (this.problems.length >= this.#most) throw new Enough();
  }
}

function isLegalLeaf(value: unknown, type: GraphQLLeafType): boolean {
  // The scalar would print the whole object into an error message that is thrown away.
  if (typeof value === 'object' && (isEnumType(type) || isSpecifiedScalarType(type))) return false;
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined;
  try {
    return type.parseValue(value) !== undefined;
  } catch {
    return false;
  }
}
