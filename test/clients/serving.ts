import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing } from '../cli/serving.ts';

const folder = dirname(fileURLToPath(import.meta.url));

/** Runs a compiler of a client, in this folder or in one below. */
export function run(binary: string, args: readonly string[], below = '.'): void {
  execFileSync(process.execPath, [join(folder, 'node_modules/.bin', binary), ...args], {
    cwd: join(folder, below),
    stdio: 'pipe',
  });
}

/** Compiles the documents of Relay. */
export function compileRelay(): void {
  // The compiler wants both to exist, and writes no id of a document that it has compiled before.
  rmSync(join(folder, 'relay/__generated__'), { recursive: true, force: true });
  mkdirSync(join(folder, 'relay/__generated__'));
  writeFileSync(join(folder, 'relay/persisted.json'), '{}');
  run('relay-compiler', ['relay.config.json'], 'relay');
}

export interface World extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly gateway: Serving;
}

/** A gateway in a process of its own, on a sandbox that the test controls. */
export async function startWorld(
  env: Record<string, string> = {},
  options: SandboxOptions = {},
): Promise<World> {
  const sandbox = await startSandbox({ units: 30, latencyMs: 1, ...options });
  const gateway = await startServing({ ...pointedAt(sandbox), CACHE: 'off', ...env });
  await gateway.readiness(200);
  return {
    sandbox,
    gateway,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await sandbox.close();
    },
  };
}
