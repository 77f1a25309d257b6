import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isListType,
  Kind,
  type ValueNode,
} from 'graphql';
import { inputSizeOf } from '../schema/input-size.ts';
import { argumentUses } from './argument-uses.ts';
import type { Operation } from './operation.ts';

export interface InputLimits {
  readonly maxPageSize: number;
  /** Of all texts in the arguments of an operation together. A variable counts each time it is used. */
  readonly maxCharacters: number;
}

/** An argument that is too large, with its path and what is wrong with it. Contains no part of the value. */
export interface LargeInput {
  readonly field: FieldNode;
  readonly argument: string;
  readonly message: string;
}

type Definition = GraphQLArgument | GraphQLInputField;

/**
 * Returns the first argument of an operation that is too large; undefined if there is none. Reads no more of a value than
 * its size allows, so it must come before anything that reads whole values. The document must be valid, the variables
 * need not be.
 */
export function largeInput(
  schema: GraphQLSchema,
  { document, operationName, variables }: Operation,
  limits: InputLimits,
): LargeInput | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const measure = (isMutation: boolean) => new Measure(variables ?? {}, defaults, limits, !isMutation);
  const [query, mutation] = [measure(false), measure(true)];
  let characters = 0;
  for (const { field, argument, definition, isMutation } of argumentUses(schema, document, operation)) {
    try {
      characters += (isMutation ? mutation : query).literal(argument.value, definition.type, definition, '');
      if (characters > limits.maxCharacters)
        throw new TooLarge(
          '',
          'contains too much text, since a variable counts each time it is used; send several operations',
        );
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      return { field, argument: definition.name + error.path, message: error.message };
    }
  }
  return undefined;
}

class TooLarge extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Counts the characters of values, and throws {@link TooLarge} for one that is larger than its definition allows. */
class Measure {
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #defaults: ReadonlyMap<string, ValueNode | undefined>;
  readonly #limits: InputLimits;
  readonly #limitsTexts: boolean;
  /** A variable may be used thousands of times. */
  readonly #known = new Map<string, Map<Definition, number>>();

  constructor(
    variables: Readonly<Record<string, unknown>>,
    defaults: ReadonlyMap<string, ValueNode | undefined>,
    limits: InputLimits,
    limitsTexts: boolean,
  ) {
    this.#variables = variables;
    this.#defaults = defaults;
    this.#limits = limits;
    this.#limitsTexts = limitsTexts;
  }

  literal(value: ValueNode, given: GraphQLInputType, definition: Definition, path: string): number {
    const type = getNullableType(given);
    if (value.kind === Kind.VARIABLE) return this.#variable(value.name.value, type, definition, path);
    if (value.kind === Kind.LIST && isListType(type))
      return this.#items(value.values, definition, path, (item, at) =>
        this.literal(item, type.ofType, definition, at),
      );
    if (isListType(type)) return this.literal(value, type.ofType, definition, path);
    if (value.kind === Kind.STRING) return this.#text(value.value, definition, path);
    if (value.kind !== Kind.OBJECT || !isInputObjectType(type)) return 0;
    const fields = type.getFields();
    let characters = 0;
    for (const { name, value: inner } of value.fields) {
      const field = fields[name.value];
      if (field) characters += this.literal(inner, field.type, field, `${path}.${name.value}`);
    }
    return characters;
  }

  #variable(name: string, type: GraphQLInputType, definition: Definition, path: string): number {
    const known = this.#known.get(name) ?? new Map<Definition, number>();
    this.#known.set(name, known);
    const before = known.get(definition);
    if (before !== undefined) return before;
    const defaultValue = this.#defaults.get(name);
    let characters = 0;
    if (Object.hasOwn(this.#variables, name))
      characters = this.#json(this.#variables[name], type, definition, path);
    else if (defaultValue) characters = this.literal(defaultValue, type, definition, path);
    known.set(definition, characters);
    return characters;
  }

  #json(value: unknown, given: GraphQLInputType, definition: Definition, path: string): number {
    const type = getNullableType(given);
    if (isListType(type))
      return Array.isArray(value)
        ? this.#items(value, definition, path, (item, at) => this.#json(item, type.ofType, definition, at))
        : this.#json(value, type.ofType, definition, path);
    if (typeof value === 'string') return this.#text(value, definition, path);
    if (typeof value !== 'object' || value === null || !isInputObjectType(type)) return 0;
    const input = value as Readonly<Record<string, unknown>>;
    let characters = 0;
    for (const field of Object.values(type.getFields()))
      if (Object.hasOwn(input, field.name))
        characters += this.#json(input[field.name], field.type, field, `${path}.${field.name}`);
    return characters;
  }

  #items<T>(
    items: readonly T[],
    definition: Definition,
    path: string,
    read: (item: T, path: string) => number,
  ): number {
    const { maxItems } = inputSizeOf(definition);
    const most = maxItems === 'page' ? this.#limits.maxPageSize : maxItems;
    if (items.length > most) throw new TooLarge(path, `must have at most ${most} items`);
    return items.reduce((sum, item, index) => sum + read(item, `${path}[${index}]`), 0);
  }

  #text({ length }: string, definition: Definition, path: string): number {
    const { maxLength } = inputSizeOf(definition);
    if (this.#limitsTexts && length > maxLength)
      throw new TooLarge(path, `must have at most ${maxLength} characters`);
    return length;
  }
}
