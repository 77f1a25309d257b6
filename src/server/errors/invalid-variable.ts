import {
  coerceInputValue,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  print,
  type VariableDefinitionNode,
} from 'graphql';
import type { InputProblem } from '../../operation/input-problems.ts';
import { shortenName } from './shorten.ts';

/** A variable that does not have the type which the operation declares. Its message never contains the value. */
export class InvalidVariable extends Error {
  override name = 'InvalidVariable';
  readonly code = 'INVALID_VARIABLE';
  /** The variable, with the path into its value where the caller may read the schema. */
  readonly argument: string;

  /** `problem` is undefined for a variable that was not given. `terse` leaves out every name that is not in the document. */
  constructor({ variable, type }: VariableDefinitionNode, problem: InputProblem | undefined, terse: boolean) {
    const name = shortenName(variable.name.value);
    const argument = name + (terse ? '' : (problem?.path ?? []).map(pathPart).join(''));
    super(messageOf(name, argument, print(type), problem, terse));
    this.argument = argument;
  }
}

/** As graphql-js prints paths. */
const pathPart = (key: string | number) => (typeof key === 'number' ? `[${key}]` : `.${key}`);

function messageOf(
  name: string,
  argument: string,
  declared: string,
  problem: InputProblem | undefined,
  terse: boolean,
): string {
  if (!problem) return `The variable "$${name}" is required, and the request does not contain it.`;
  if (terse)
    return `The value of the variable "$${name}" does not have the type ${shortenName(declared)} that the operation declares.`;
  return explain(problem, argument === name ? `the variable "$${name}"` : `"${argument}"`);
}

/** `place` is where the problem is: a variable, or a path into its value. */
function explain(problem: InputProblem, place: string): string {
  switch (problem.kind) {
    case 'missing field':
      return `${capital(place)} must have the field "${problem.field.name}": ${describeType(problem.field.type)}.`;
    case 'unknown field':
      return unknownField(problem, place);
    case 'not one key': {
      const names = Object.keys(problem.type.getFields()).map((field) => `"${field}"`);
      return `${capital(place)} must have exactly one of the fields ${listed(names, 'and')}, and not null.`;
    }
    case 'invalid':
      return `${capital(place)} must be ${describeType(problem.type)}.`;
  }
}

const kinds: Readonly<Record<string, string>> = {
  String: 'a text',
  ID: 'a text',
  Int: 'a whole number of at most 2147483647',
  Float: 'a number',
  Boolean: 'true or false',
};

function describeType(type: GraphQLInputType): string {
  const named = getNamedType(type);
  const one = isEnumType(named)
    ? `one of ${listed(
        named.getValues().map((value) => value.name),
        'or',
      )}`
    : (kinds[named.name] ?? `an object of the type ${named.name}`);
  const value = isListType(getNullableType(type)) ? `a list, each item ${one}` : one;
  return isNonNullType(type) ? `${value}, and not null` : value;
}

const listed = (items: readonly string[], word: 'and' | 'or') =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
const capital = (text: string) => text[0]?.toUpperCase() + text.slice(1);

function unknownField(
  { name, type }: InputProblem & { readonly kind: 'unknown field' },
  place: string,
): string {
  const own = `${capital(place)} must not have the field "${shortenName(name)}": the type ${type.name} does not have it.`;
  if (shortenName(name) !== name) return own;
  // The library knows which field was probably meant; it is given the name alone.
  const message = `Field "${name}" is not defined by type "${type.name}".`;
  let suggestion = '';
  coerceInputValue({ [name]: null }, type, (_path, _value, error) => {
    if (error.message.startsWith(message)) suggestion = error.message.slice(message.length);
  });
  return own + suggestion;
}
