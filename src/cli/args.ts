import type { SandboxFlags } from '../config/sandbox-config.ts';

/** A command line, as far as it was understood. */
export interface Arguments {
  readonly command: string;
  readonly help: boolean;
  readonly version: boolean;
  readonly flags: SandboxFlags;
  /** What means nothing, one line each. */
  readonly mistakes: readonly string[];
}

const valueFlags: readonly string[] = [
  'port',
  'host',
  'units',
  'seed',
  'latency',
  'policy',
] satisfies (keyof SandboxFlags)[];
const plainFlags = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
  ['-v', 'version'],
]);

/** Reads a whole command line. Node's own parser stops at the first mistake, and this tells them all. */
export function readArguments(args: readonly string[]): Arguments {
  const positionals: string[] = [];
  const mistakes: string[] = [];
  const plain = new Set<string>();
  const valued: { flag: string; value: string | undefined }[] = [];

  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [flag = '', inline] = splitOnce(arg, '=');
    const next = args[at + 1];
    const name = plainFlags.get(arg);
    if (!arg.startsWith('-')) positionals.push(arg);
    else if (name) plain.add(name);
    else {
      // What follows an unknown flag was meant as its value, unless it has to be the command.
      const takesNext = isValue(next) && (isValueFlag(flag) || positionals.length > 0);
      const value = inline ?? (takesNext ? next : undefined);
      if (inline === undefined && takesNext) at++;
      if (isValueFlag(flag)) valued.push({ flag, value });
      else mistakes.push(plainFlags.has(flag) ? `${flag}: takes no value` : `${flag}: there is no such flag`);
    }
  }

  const [command = 'serve', ...rest] = positionals;
  const flags: Record<string, string> = {};
  const policy: string[] = [];
  for (const { flag, value } of valued) {
    if (command !== 'sandbox') mistakes.push(`${flag}: is a flag of sandbox only`);
    else if (value === undefined) mistakes.push(`${flag}: must have a value`);
    else if (flag === '--policy') policy.push(value);
    else flags[flag.slice(2)] = value;
  }
  if (rest.length > 0) mistakes.push(`${command} takes no argument`);
  return {
    command,
    help: plain.has('help'),
    version: plain.has('version'),
    flags: { ...flags, ...(policy.length > 0 && { policy }) },
    mistakes,
  };
}

function splitOnce(text: string, sign: string): [string, string?] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isValueFlag(flag: string): boolean {
  return flag.startsWith('--') && valueFlags.includes(flag.slice(2));
}

// A negative number is a value, if a wrong one.
function isValue(arg: string | undefined): arg is string {
  return arg !== undefined && (!arg.startsWith('-') || /^-\d/.test(arg));
}
