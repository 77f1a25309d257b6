import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.ts';
import { secretNames } from '../config/env.ts';

/** The file system of a configured path does not answer. One of Node's threads may wait for it for ever. */
export class FileSystemTimeout extends ConfigError {
  override name = 'FileSystemTimeout';
}

const LONGEST_WAIT_MS = 1_000;
const pathVariables = [
  'TENANTS_FILE',
  'TRUSTED_DOCUMENTS_FILE',
  'OUTCOMES_FILE',
  ...secretNames.map((name) => `${name}_FILE`),
];

/**
 * Checks without blocking that the file system of every configured path answers. The files are read synchronously
 * afterwards, and on a hanging mount that would block the process for ever, signals included. Throws
 * {@link FileSystemTimeout}.
 */
export async function requireFileSystemAnswer(env: NodeJS.ProcessEnv): Promise<void> {
  const waiting = new Set<string>();
  const answers = pathVariables.map(async (name) => {
    const path = env[name];
    if (!path || path === ':memory:') return;
    waiting.add(name);
    // Whether the file exists is checked later.
    await stat(path).catch(() => {});
    waiting.delete(name);
  });
  const timer = new AbortController();
  const late = sleep(LONGEST_WAIT_MS, undefined, { signal: timer.signal }).catch(() => {});
  await Promise.race([Promise.all(answers), late]);
  timer.abort();
  if (waiting.size > 0)
    throw new FileSystemTimeout([...waiting].map((name) => `${name}: its file system does not answer`));
}
