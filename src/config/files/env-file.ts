import { parseEnv } from 'node:util';
import { ConfigError } from '../config-error.ts';
import { describeFileProblem } from './file-problem.ts';
import { readSmallFile } from './read-small-file.ts';

/** It is a developer's own file, in a folder that may be shared. */
const RULES = { mostBytes: 1024 * 1024, holdsAuthority: false };

/**
 * Returns the variables of a file in the form of `.env`, under those of `env`, which take precedence. Without a path, or
 * without a file, these are the variables of `env`. Throws a {@link ConfigError} for a file that cannot be read.
 */
export function withEnvFile(env: NodeJS.ProcessEnv, path: string | undefined): NodeJS.ProcessEnv {
  if (path === undefined) return env;
  try {
    return { ...parseEnv(readSmallFile(path, RULES).text), ...env };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw new ConfigError([`--env: names a file that cannot be read: ${describeFileProblem(error)}`]);
  }
}
