import { readFileSync, type Stats, statSync } from 'node:fs';
import { Secret } from './upstream/secret.ts';

/** How secret files are read; a parameter so that tests need no real clock. */
export interface SecretFiles {
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

const CHECK_EVERY_MS = 1_000;

/**
 * The secret `name`, given as the variable itself or as a path in `name_FILE`. Undefined when neither is given; every
 * mistake is told by variable name.
 */
export function readSecret(
  given: Readonly<Record<string, unknown>>,
  name: string,
  files: SecretFiles,
  complain: (mistake: string) => void,
): Secret | undefined {
  const value = given[name];
  const path = given[`${name}_FILE`];
  if (typeof value === 'string' && typeof path === 'string') {
    complain(`${name}: give either ${name} or ${name}_FILE, not both`);
    return undefined;
  }
  if (typeof path === 'string') return fileSecret(path, `${name}_FILE`, files, complain);
  if (typeof value !== 'string') return undefined;
  if (!isFitForHeader(value)) complain(`${name}: must be visible ASCII characters without spaces`);
  return new Secret(value);
}

/** The facts of a file; throws for what is none: reading a pipe would wait for its other end for ever. */
export function regularFile(path: string): Stats {
  const stats = statSync(path);
  if (!stats.isFile()) throw new Error('is no file');
  return stats;
}

/** A secret in a file, read again when the file changes. Undefined, after a complaint, when it cannot be used. */
export function fileSecret(
  path: string,
  name: string,
  { now }: SecretFiles,
  complain: (mistake: string) => void,
): Secret | undefined {
  let value: string;
  let changedAt: number;
  let checkedAt = now();
  try {
    changedAt = regularFile(path).mtimeMs;
    value = readFileSync(path, 'utf8').trim();
  } catch {
    complain(`${name}: names a file that cannot be read`);
    return undefined;
  }
  if (!isFitForHeader(value)) {
    complain(`${name}: the file must hold visible ASCII characters without spaces`);
    return undefined;
  }
  return new Secret(() => {
    if (now() - checkedAt < CHECK_EVERY_MS) return value;
    checkedAt = now();
    try {
      const { mtimeMs } = regularFile(path);
      if (mtimeMs !== changedAt) {
        const next = readFileSync(path, 'utf8').trim();
        // A file that is being replaced may be empty for a moment: the old value serves until the new one stands.
        if (isFitForHeader(next)) {
          value = next;
          changedAt = mtimeMs;
        }
      }
    } catch {
      // Gone for a moment while it is replaced.
    }
    return value;
  });
}

const isFitForHeader = (value: string) => /^[\x21-\x7e]+$/.test(value);
