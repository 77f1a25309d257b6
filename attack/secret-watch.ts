/** Looks for secrets wherever none may stand. */
export interface SecretWatch {
  /** From now on a secret. Short texts would be found everywhere. */
  add(...secrets: readonly string[]): void;
  look(where: string, text: string): void;
  readonly looked: number;
  readonly count: number;
  /** Where a secret stood, without the secret. */
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
      // Around it, not it: the report must be no leak of its own.
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
