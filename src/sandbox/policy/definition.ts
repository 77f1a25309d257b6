/** One decision: what it can be, what it is unless told otherwise, and why. */
export interface PolicyDefinition {
  /** The values there are, or the limits of a whole number. */
  readonly choices: readonly PolicyValue[] | WholeNumber;
  readonly default: PolicyValue;
  readonly description: string;
}

export type PolicyValue = string | number | boolean;

export interface WholeNumber {
  readonly minimum: number;
  readonly maximum: number;
}

/** A decision between a few values; each must differ from the others as text too, for a command line. */
export function oneOf<const C extends readonly PolicyValue[], D extends C[number]>(
  choices: C,
  byDefault: D,
  description: string,
) {
  return { choices, default: byDefault as C[number], description };
}

/** A decision on a number. */
export function wholeNumber(minimum: number, maximum: number, byDefault: number, description: string) {
  return { choices: { minimum, maximum } satisfies WholeNumber, default: byDefault, description };
}
