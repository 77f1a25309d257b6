import { SandboxError } from '../sandbox-error.ts';
import { accessPolicies } from './access.ts';
import { answerPolicies } from './answers.ts';
import type { PolicyDefinition, PolicyValue } from './definition.ts';
import { orderPolicies } from './orders.ts';
import { requestPolicies } from './requests.ts';

/**
 * Decisions on what the sources leave open or say in two ways. Each can be switched, so that clients meet both. Types,
 * command line, control routes and their texts all come from this table.
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

/** The name of a policy, or undefined when there is none of this name. */
export function findPolicy(name: string): PolicyName | undefined {
  return policyNames.find((known) => known === name);
}

/** What the value of a policy must be, in words. */
export function policyRule(name: PolicyName): string {
  const { choices } = policyDefinition(name);
  return 'minimum' in choices
    ? `a whole number from ${choices.minimum} to ${choices.maximum}`
    : `one of ${choices.join(', ')}`;
}

/** The value of a policy, also from the text that spells it; undefined when it is none. */
export function readPolicyValue(name: PolicyName, given: unknown): PolicyValue | undefined {
  const { choices } = policyDefinition(name);
  if (!('minimum' in choices)) {
    return choices.find((choice) => choice === given || String(choice) === given);
  }
  // Number() takes much that nobody would write: '', '0x10', '1e3'.
  const value = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  const isWithin =
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= choices.minimum &&
    value <= choices.maximum;
  return isWithin ? value : undefined;
}

/** The same with the type in JSON, which a command line does not know. */
function typedRule(name: PolicyName): string {
  const { choices } = policyDefinition(name);
  if ('minimum' in choices) return policyRule(name);
  const types = new Set(choices.map((choice) => typeof choice));
  return `a ${[...types].join(' or ')}, ${policyRule(name)}`;
}

/** Every mistake of a change of policy. */
export class PolicyError extends SandboxError {
  override name = 'PolicyError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super('INVALID', mistakes.join(' '));
    this.mistakes = mistakes;
  }
}

/** A change of policy; null asks for the value of the start. */
export type PolicyChanges = { readonly [N in PolicyName]?: Policy[N] | null };

/**
 * Takes an untyped object of names and values for a change of policy, or throws a {@link PolicyError}. Null stands for
 * the value in `atStart`, and text for the number or boolean that it spells, as on a command line.
 */
export function readPolicy(input: unknown, atStart: Policy): Partial<Policy> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new PolicyError(['Policies are a JSON object of names and values.']);
  }
  const changes: Partial<Record<PolicyName, PolicyValue>> = {};
  const mistakes = Object.entries(input).flatMap(([name, given]) => {
    const known = findPolicy(name);
    if (!known) return [`There is no policy "${name}". There are: ${policyNames.join(', ')}.`];
    const value = given === null ? atStart[known] : readPolicyValue(known, given);
    if (value === undefined)
      return [`"${known}" must be ${typedRule(known)}, or null for that of the start.`];
    changes[known] = value;
    return [];
  });
  if (mistakes.length > 0) throw new PolicyError(mistakes);
  return changes as Partial<Policy>;
}
