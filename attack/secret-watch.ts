/** Searches texts for secrets that must not appear in them. */
export interface SecretWatch {
  /** Adds secrets to search for. Throws for short ones, which would be found by chance. */
  add(...secrets: readonly string[]): void;
  look(where: string, text: string): void;
  readonly looked: number;
  readonly count: number;
  /** Where a secret was found, without the secret itself. */
  readonly found: readonly string[];
}

const SHORTEST = 8;

export function createSecretWatch(): SecretWatch {
  const secrets = new Set<string>();
  const found: string[] = [];
  let looked = 0;
  let pattern: RegExp | undefined;
  return {
    add(...added) {
      for (const secret of added) {
        if (secret.length < SHORTEST)
          throw new RangeError('A secret of so few characters would be found by chance.');
        secrets.add(secret);
      }
      pattern = undefined;
    },
    look(where, text) {
      looked++;
      pattern ??= new RegExp([...secrets].map((secret) => secret.replace(/\W/g, '\\$&')).join('|'));
      const at = secrets.size > 0 ? text.search(pattern) : -1;
      // The text before it, not the secret: the report must not leak it.
      if (at >= 0) found.push(`${where}: behind ${JSON.stringify(text.slice(Math.max(0, at - 40), at))}`);
    },
    get looked() {
      return looked;
    },
    get count() {
      return secrets.size;
    },
    found,
  };
}
