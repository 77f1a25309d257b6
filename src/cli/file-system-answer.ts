import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.ts';
import { secretNames } from '../config/env.ts';

/** The file system of a configured path does not answer: one of Node's threads waits for it, perhaps for ever. */
export class FileSystemSilent extends ConfigError {
  override name = 'FileSystemSilent';
}

const LONGEST_WAIT_MS = 1_000;
const pathVariables = [
  'TENANTS_FILE',
  'TRUSTED_DOCUMENTS_FILE',
  'OUTCOMES_FILE',
  ...secretNames.map((name) => `${name}_FILE`),
];

/**
 * Asks for every configured path without blocking. The files are read synchronously afterwards, and on a mount that
 * hangs that would hold the start for ever, deaf to signals. Throws {@link FileSystemSilent}.
 */
export async function requireFileSystemAnswer(env: NodeJS.ProcessEnv): Promise<void> {
  const waiting = new Set<string>();
  const answers = pathVariables.map(async (name) => {
    const path = env[name];
    if (!path || path === ':memory:') return;
    waiting.add(name);
    // Only that it answers matters here.
    await stat(path).catch(() => {});
    waiting.delete(name);
  });
  const timer = new AbortController();
  const late = sleep(LONGEST_WAIT_MS, undefined, { signal: timer.signal }).catch(() => {});
  await Promise.race([Promise.all(answers), late]);
  timer.abort();
  if (waiting.size > 0)
    throw new FileSystemSilent([...waiting].map((name) => `${name}: its file system does not answer`));
}
