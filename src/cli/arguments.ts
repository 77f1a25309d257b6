import { parseArgs } from 'node:util';

/** A command line that was understood, as far as it was. */
export interface Arguments {
  readonly command: string;
  readonly help: boolean;
  readonly version: boolean;
  readonly flags: SandboxFlags;
  /** What means nothing, one line each. */
  readonly mistakes: readonly string[];
}

/** The flags of the sandbox as they were written. */
export interface SandboxFlags {
  readonly port?: string;
  readonly units?: string;
  readonly seed?: string;
  readonly latency?: string;
  readonly policy?: readonly string[];
}

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  port: { type: 'string' },
  units: { type: 'string' },
  seed: { type: 'string' },
  latency: { type: 'string' },
  policy: { type: 'string', multiple: true },
} as const;
type Option = keyof typeof options;

const isKnown = (name: string): name is Option => Object.hasOwn(options, name);
const isOfSandbox = (name: Option) => name !== 'help' && name !== 'version';

/** Reads a whole command line: unlike the parser's own check, this one does not stop at the first mistake. */
export function readArguments(args: string[]): Arguments {
  const { positionals, tokens } = parseArgs({
    args,
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const [command = 'serve', ...rest] = positionals;
  const mistakes: string[] = [];
  const flags: Record<string, string> = {};
  const policy: string[] = [];
  const given = new Set<Option>();
  let valuesOfUnknown = 0;

  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isKnown(name)) {
      mistakes.push(`${rawName}: there is no such flag`);
      // What follows was meant as its value: one mistake, not two.
      if (tokens[at + 1]?.kind === 'positional' && at > 0) valuesOfUnknown++;
    } else if (isOfSandbox(name) && command !== 'sandbox')
      mistakes.push(`${rawName}: is a flag of sandbox only`);
    else if (isOfSandbox(name) && value === undefined) mistakes.push(`${rawName}: must have a value`);
    else if (!isOfSandbox(name) && value !== undefined) mistakes.push(`${rawName}: takes no value`);
    else {
      given.add(name);
      if (name === 'policy') policy.push(value ?? '');
      else if (value !== undefined) flags[name] = value;
    }
  }
  if (rest.length > valuesOfUnknown) mistakes.push(`${command} takes no argument`);
  return {
    command,
    help: given.has('help'),
    version: given.has('version'),
    flags: { ...flags, ...(policy.length > 0 && { policy }) },
    mistakes,
  };
}
