import { parseArgs } from 'node:util';
import type { SandboxFlags } from '../config/sandbox-config.ts';
import type { ChangesFlags } from './changes/flags.ts';
import type { ExportFlags } from './export/flags.ts';
import type { KeyFlags } from './key.ts';

type Flags = SandboxFlags & KeyFlags & ExportFlags & ChangesFlags;

/** A command line, as far as it was understood. */
export interface Arguments {
  readonly command: string;
  readonly help: boolean;
  readonly version: boolean;
  readonly flags: Flags;
  /** A file of variables, which need not exist. */
  readonly envFile: string | undefined;
  /** Every mistake, one line each. */
  readonly mistakes: readonly string[];
}

/** The flags of each command that take a value. */
const commandFlags = {
  sandbox: [
    '--port',
    '--host',
    '--units',
    '--seed',
    '--latency',
    '--token-lifetime',
    '--policy',
  ] satisfies `--${keyof SandboxFlags}`[],
  key: ['--scopes', '--name', '--audience'] satisfies `--${keyof KeyFlags}`[],
  export: ['--out', '--format', '--tenant'] satisfies `--${keyof ExportFlags}`[],
  changes: ['--url', '--after', '--cursor-file'] satisfies `--${keyof ChangesFlags}`[],
} as const;
const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  follow: { type: 'boolean' },
} as const;
/** Not Node's own name, which Node reads on every command line, and then says when the file is missing. */
const ENV_FILE = '--env';
const plainFlags = ['--help', '-h', '--version', '-v', '--follow'];

interface FlagWithValue {
  readonly flag: string;
  readonly value: string | undefined;
}

/**
 * Reads a whole command line. The sandbox's flags are not declared to `parseArgs`: it would take the next flag as the
 * value of one that has none. Values are paired with flags here instead, so that every mistake is found.
 */
export function readArguments(args: readonly string[]): Arguments {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const positionals: string[] = [];
  const plain = new Set<string>();
  const valued: FlagWithValue[] = [];
  const mistakes: string[] = [];
  // Arguments that belong to an earlier token: a value, or the rest of a group such as -xyz.
  const used = new Set<number>();

  for (const token of tokens) {
    if (used.has(token.index)) continue;
    used.add(token.index);
    if (token.kind === 'positional') {
      positionals.push(token.value);
      continue;
    }
    const [flag = ''] = (args[token.index] ?? '').split('=');
    const inline = token.kind === 'option' ? token.value : undefined;
    if (token.kind === 'option' && plainFlags.includes(flag)) {
      if (inline === undefined) plain.add(token.name);
      else mistakes.push(`${flag}: takes no value`);
      continue;
    }
    // What follows an unknown flag was meant as its value, unless it is the command.
    const next = args[token.index + 1];
    const takesNext = inline === undefined && isValue(next) && (isValued(flag) || positionals.length > 0);
    if (takesNext) used.add(token.index + 1);
    if (isValued(flag)) valued.push({ flag, value: takesNext ? next : inline });
    else mistakes.push(`${flag}: unknown flag`);
  }

  const [command = 'serve', ...rest] = positionals;
  const envFile = valued.findLast(({ flag }) => flag === ENV_FILE);
  if (envFile && !envFile.value) mistakes.push(`${ENV_FILE}: must have a value`);
  const flags = readFlags(
    command,
    valued.filter(({ flag }) => flag !== ENV_FILE),
    mistakes,
  );
  if (plain.has('follow') && command !== 'changes')
    mistakes.push('--follow: applies to the command changes only');
  if (rest.length > 0) mistakes.push(`${command}: takes no arguments`);
  return {
    command,
    help: plain.has('help'),
    version: plain.has('version'),
    flags: { ...flags, ...(plain.has('follow') && { follow: true }) },
    envFile: envFile?.value,
    mistakes,
  };
}

const ownerOf = (flag: string) =>
  Object.entries(commandFlags).find(([, flags]) => (flags as readonly string[]).includes(flag))?.[0];
const isValued = (flag: string) => flag === ENV_FILE || ownerOf(flag) !== undefined;

function readFlags(command: string, valued: readonly FlagWithValue[], mistakes: string[]): Flags {
  const flags: Record<string, string> = {};
  const policy: string[] = [];
  for (const { flag, value } of valued) {
    const owner = ownerOf(flag);
    if (command !== owner) mistakes.push(`${flag}: applies to the command ${owner} only`);
    else if (value === undefined) mistakes.push(`${flag}: must have a value`);
    else if (flag === '--policy') policy.push(value);
    else flags[flag.slice('--'.length)] = value;
  }
  return { ...flags, ...(policy.length > 0 && { policy }) };
}

// A negative number is a value, although an invalid one.
function isValue(arg: string | undefined): arg is string {
  return arg !== undefined && (!arg.startsWith('-') || /^-\d/.test(arg));
}
