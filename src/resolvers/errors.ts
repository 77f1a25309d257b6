/** An argument that the caller must change. Raised before any upstream call that the argument would cause. */
export class BadUserInput extends Error {
  override name = 'BadUserInput';
  readonly code = 'BAD_USER_INPUT';
  /** The argument's name as the schema writes it, with a dotted path into an input object. */
  readonly argument: string;

  constructor(argument: string, message: string) {
    super(`${argument}: ${message}`);
    this.argument = argument;
  }
}

/** The caller may not do this, whatever the upstream would say. Raised before any upstream call. */
export class MissingScope extends Error {
  override name = 'MissingScope';
  readonly code = 'MISSING_SCOPE';
  /** What the caller would need. */
  readonly scopes: readonly string[];

  constructor(scopes: readonly string[]) {
    super(`needs ${scopes.join(', ')}`);
    this.scopes = scopes;
  }
}

/** Something that was listed a moment ago cannot be read any more: deactivated, or moved to another partner. */
export class NotVisible extends Error {
  override name = 'NotVisible';
  readonly code = 'NOT_FOUND';
}

/** What was found, or {@link NotVisible}: for look-ups by an id that the gateway itself gave out. */
export function present<T>(found: T | null | undefined): T {
  if (found === null || found === undefined) throw new NotVisible('not visible, or not any more');
  return found;
}
