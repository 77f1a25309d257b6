import { SandboxError } from '../sandbox-error.ts';
import { accessPolicies } from './access.ts';
import { answerPolicies } from './answers.ts';
import type { PolicyDefinition, PolicyValue } from './definition.ts';
import { orderPolicies } from './orders.ts';
import { requestPolicies } from './requests.ts';

/**
 * Decisions on what the sources leave open or contradict each other on. Each can be switched, so that a client can be
 * tested with every choice. Types, command line, control routes and their texts all come from this table.
 */
const definitions = { ...accessPolicies, ...answerPolicies, ...orderPolicies, ...requestPolicies };

type Definitions = typeof definitions;
type ValueOf<D extends PolicyDefinition> = D['choices'] extends readonly (infer V)[] ? V : number;

export type PolicyName = keyof Definitions;
export type Policy = { readonly [N in PolicyName]: ValueOf<Definitions[N]> };

/** The names, in the order of the table. */
export const policyNames = Object.keys(definitions) as readonly PolicyName[];

export const defaultPolicy = Object.fromEntries(
  policyNames.map((name) => [name, definitions[name].default]),
) as unknown as Policy;

export function policyDefinition(name: PolicyName): PolicyDefinition {
  return definitions[name];
}

/** Returns the name typed as a policy name, or undefined when there is no such policy. */
export function findPolicy(name: string): PolicyName | undefined {
  return policyNames.find((known) => known === name);
}

/** Returns in words what the value of a policy must be. */
export function policyRule(name: PolicyName): string {
  const { choices } = policyDefinition(name);
  return 'minimum' in choices
    ? `a whole number from ${choices.minimum} to ${choices.maximum}`
    : `one of ${choices.join(', ')}`;
}

/** Returns the value of a policy, also from its text form; undefined when it is invalid. */
export function readPolicyValue(name: PolicyName, given: unknown): PolicyValue | undefined {
  const { choices } = policyDefinition(name);
  if (!('minimum' in choices)) {
    return choices.find((choice) => choice === given || String(choice) === given);
  }
  // Number() accepts text that is not a plain number: '', '0x10', '1e3'.
  const value = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  const isWithin =
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= choices.minimum &&
    value <= choices.maximum;
  return isWithin ? value : undefined;
}

/** Returns the rule with the JSON type, which a command line does not have. */
function typedRule(name: PolicyName): string {
  const { choices } = policyDefinition(name);
  if ('minimum' in choices) return policyRule(name);
  const types = new Set(choices.map((choice) => typeof choice));
  return `a ${[...types].join(' or ')}, ${policyRule(name)}`;
}

/** Lists every mistake in a change of policies. */
export class PolicyError extends SandboxError {
  override name = 'PolicyError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super('INVALID', mistakes.join(' '));
    this.mistakes = mistakes;
  }
}

/** A change of policies; null asks for the value at the start. */
export type PolicyChanges = { readonly [N in PolicyName]?: Policy[N] | null };

/**
 * Reads a change of policies from an untyped object of names and values, or throws a {@link PolicyError}. Null means
 * the value in `atStart`. Text is read as a number or boolean where one is expected, as on a command line.
 */
export function readPolicy(input: unknown, atStart: Policy): Partial<Policy> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new PolicyError(['The policies must be a JSON object of names and values.']);
  }
  const changes: Partial<Record<PolicyName, PolicyValue>> = {};
  const mistakes = Object.entries(input).flatMap(([name, given]) => {
    const known = findPolicy(name);
    if (!known) return [`There is no policy "${name}". Policies: ${policyNames.join(', ')}.`];
    const value = given === null ? atStart[known] : readPolicyValue(known, given);
    if (value === undefined)
      return [`"${known}" must be ${typedRule(known)}, or null for its value at the start.`];
    changes[known] = value;
    return [];
  });
  if (mistakes.length > 0) throw new PolicyError(mistakes);
  return changes as Partial<Policy>;
}
