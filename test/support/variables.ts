/** Reads NAME=VALUE of a command line. Throws if one has another form. */
export function variablesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new Error(`${pair} must be NAME=VALUE`);
      return [name, value];
    }),
  );
}
