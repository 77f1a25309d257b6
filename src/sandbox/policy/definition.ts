/** One decision: its choices, its default, and the reason for the default. */
export interface PolicyDefinition {
  /** The possible values, or the limits of a whole number. */
  readonly choices: readonly PolicyValue[] | WholeNumber;
  readonly default: PolicyValue;
  readonly description: string;
}

export type PolicyValue = string | number | boolean;

export interface WholeNumber {
  readonly minimum: number;
  readonly maximum: number;
}

/** Defines a choice between a few values. They must differ as text too, for the command line. */
export function oneOf<const C extends readonly PolicyValue[], D extends C[number]>(
  choices: C,
  byDefault: D,
  description: string,
) {
  return { choices, default: byDefault as C[number], description };
}

/** Defines a choice of a number. */
export function wholeNumber(minimum: number, maximum: number, byDefault: number, description: string) {
  return { choices: { minimum, maximum } satisfies WholeNumber, default: byDefault, description };
}
