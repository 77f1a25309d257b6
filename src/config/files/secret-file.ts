import { Secret } from '../../upstream/keys/secret.ts';
import { describeUnreadable } from './file-problem.ts';
import { readSmallFile, stateOfFile } from './read-small-file.ts';

/** The secrets of the environment that were set and could be read. */
export interface Secrets {
  readonly clientSecret: Secret | undefined;
  readonly subscriptionKey: Secret | undefined;
  readonly subscriptionKeySecondary: Secret | undefined;
  readonly subgraph: Secret | undefined;
}

/** How secret files are read. */
export interface SecretFiles {
  /** Returns monotonic milliseconds. */
  readonly now: () => number;
  /** Called once when a file that was read before can no longer be used, and with undefined once it can again. */
  readonly onProblem?: (name: string, problem: string | undefined) => void;
}

const CHECK_EVERY_MS = 1_000;
/** Far above any secret, which must fit in a header. */
const RULES = { mostBytes: 64 * 1024, holdsAuthority: true };
const NOT_FIT = 'the file must contain visible ASCII characters without spaces';

/**
 * Returns the secret `name`, which is the value of that variable, or the content of the file at `name_FILE`. Returns
 * undefined when neither is set. Reports every mistake by variable name. A secret with fewer than
 * `shortest` characters is a mistake, also when a file changes later.
 */
export function readSecret(
  given: Readonly<Record<string, unknown>>,
  name: string,
  files: SecretFiles,
  addMistake: (mistake: string) => void,
  shortest = 1,
): Secret | undefined {
  const value = given[name];
  const path = given[`${name}_FILE`];
  if (typeof value === 'string' && typeof path === 'string') {
    addMistake(`${name}: set either ${name} or ${name}_FILE, not both`);
    return undefined;
  }
  if (typeof path === 'string') return fileSecret(path, `${name}_FILE`, files, addMistake, shortest);
  if (typeof value !== 'string') return undefined;
  if (!isFitForHeader(value)) addMistake(`${name}: must be visible ASCII characters without spaces`);
  else if (value.length < shortest) addMistake(`${name}: must have at least ${shortest} characters`);
  return new Secret(value);
}

/** Returns a secret that is read again when its file changes. Returns undefined, and reports why, when it cannot be used. */
export function fileSecret(
  path: string,
  name: string,
  { now, onProblem }: SecretFiles,
  addMistake: (mistake: string) => void,
  shortest = 1,
): Secret | undefined {
  const first = read(path, shortest);
  if ('problem' in first) {
    addMistake(`${name}: ${first.problem}`);
    return undefined;
  }
  let { value, state } = first;
  let checkedAt = now();
  let problem: string | undefined;
  const report = (next: string | undefined) => {
    if (next === problem) return;
    problem = next;
    onProblem?.(name, next);
  };
  return new Secret(() => {
    if (now() - checkedAt < CHECK_EVERY_MS) return value;
    checkedAt = now();
    if (stateOfFile(path) === state) {
      report(undefined);
      return value;
    }
    const next = read(path, shortest);
    // A file that is being replaced may be absent or empty for a moment: the last good value stays in use.
    if ('value' in next) ({ value, state } = next);
    report('problem' in next ? next.problem : undefined);
    return value;
  });
}

type Reading = { readonly value: string; readonly state: string } | { readonly problem: string };

function read(path: string, shortest: number): Reading {
  try {
    const { text, state } = readSmallFile(path, RULES);
    const value = text.trim();
    if (!isFitForHeader(value)) return { problem: NOT_FIT };
    if (value.length < shortest) return { problem: `the file must contain at least ${shortest} characters` };
    return { value, state };
  } catch (error) {
    return { problem: describeUnreadable(error) };
  }
}

const isFitForHeader = (value: string) => /^[\x21-\x7e]+$/.test(value);
