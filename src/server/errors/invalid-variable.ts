import { coerceInputValue, getNamedType, isEnumType, print, type VariableDefinitionNode } from 'graphql';
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
    const what = problem ? 'its value is not' : 'it was not given';
    const where = argument === name ? '' : `, at "${argument}"`;
    const why = problem && !terse ? ` ${explain(problem)}` : '';
    super(`Variable "$${name}" must be ${shortenName(print(type))}; ${what}${where}.${why}`);
    this.argument = argument;
  }
}

/** As graphql-js prints paths. */
const pathPart = (key: string | number) => (typeof key === 'number' ? `[${key}]` : `.${key}`);

function explain(problem: InputProblem): string {
  switch (problem.kind) {
    case 'missing field':
      return `Field "${problem.field.name}" of required type "${problem.field.type}" was not provided.`;
    case 'unknown field':
      return unknownField(problem);
    case 'not one key':
      return `Exactly one key must be given for "${problem.type.name}", and not null.`;
    case 'invalid': {
      const type = getNamedType(problem.type);
      if (!isEnumType(type)) return `Expected ${problem.type}.`;
      const names = type.getValues().map((value) => value.name);
      return `Expected ${problem.type}: ${names.join(', ')}.`;
    }
  }
}

function unknownField({ name, type }: InputProblem & { readonly kind: 'unknown field' }): string {
  const message = `Field "${shortenName(name)}" is not defined by type "${type.name}".`;
  if (shortenName(name) !== name) return message;
  // The library knows which field was probably meant; it is given the name alone.
  let suggestion = '';
  coerceInputValue({ [name]: null }, type, (_path, _value, error) => {
    if (error.message.startsWith(message)) suggestion = error.message.slice(message.length);
  });
  return message + suggestion;
}
