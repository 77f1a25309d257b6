import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const installed = fileURLToPath(new URL('node_modules', import.meta.url));
export const versions: Record<string, string> = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
).dependencies;

/** Returns the commands of a section of docs/clients.md. */
export function commandsOf(heading: string): string[] {
  const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const [, block = ''] = /^```sh\n([\s\S]*?)^```$/m.exec(section) ?? [];
  return block.split('\n').filter(Boolean);
}

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Recipe extends Disposable {
  readonly folder: string;
  /** Runs a command of the page. */
  sh(command: string, env?: Record<string, string>): Promise<Result>;
}

/** Copies an example into a folder outside this one, where only `packages` can be found. */
export function copyExample(example: string, packages: readonly string[]): Recipe {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  cpSync(join(root, 'examples', example), folder, { recursive: true });
  cpSync(join(root, 'schema.graphql'), join(folder, 'schema.graphql'));
  for (const name of packages) link(name, folder);
  return {
    folder,
    sh: (command, env = {}) => run(command, folder, env),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * Returns the packages of an install command. They are linked instead of installed, in the versions of the lock file:
 * a test must not depend on what a registry has today. A package that the command lacks is not found.
 */
export function packagesOf(command: string): string[] {
  const [npm, install, ...specifiers] = command.split(' ');
  if (`${npm} ${install}` !== 'npm install') throw new Error(`Not an install command: ${command}`);
  return specifiers.map((specifier) => {
    const [, name = '', version] = /^(@?[^@]+)@(.+)$/.exec(specifier) ?? [];
    if (!version || versions[name] !== version)
      throw new Error(`${specifier}: test/clients/package.json has ${versions[name]}`);
    return name;
  });
}

function link(name: string, folder: string): void {
  const place = join(folder, 'node_modules', name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(installed, name), place);
  const { bin = {} } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  const binaries = join(folder, 'node_modules/.bin');
  mkdirSync(binaries, { recursive: true });
  const names = typeof bin === 'string' ? [name] : Object.keys(bin);
  for (const binary of names.filter((each) => !readdirSync(binaries).includes(each)))
    symlinkSync(join(installed, '.bin', binary), join(binaries, binary));
}

async function run(command: string, folder: string, env: Record<string, string>): Promise<Result> {
  const child = spawn('bash', ['-c', command], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing else of the machine's settings, nor vitest's: graphql-codegen hides its errors from tests.
    env: {
      HOME: folder,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      ...env,
    },
  });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}
