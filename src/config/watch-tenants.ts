import type { Log } from '../telemetry/log.ts';
import { stateOfFile } from './read-small-file.ts';
import type { SecretFiles } from './secret-file.ts';
import { readTenantsFile, type TenantEntry } from './tenants-file.ts';

// A revoked key must be refused within a second. Asking the file system works for every kind of mount, watching does not.
const LOOK_EVERY_MS = 400;
/** A large file with mistakes is read again and again; that may take a twentieth of the time at most. */
const REST_FACTOR = 20;

/**
 * Reports every state of the file that can be understood, the first time soon after the start, since it may have
 * changed while the gateway came up. One that cannot be read or understood is logged once and tried again until it can:
 * a secret file that it names may only be gone for a moment.
 */
export function watchTenants(
  path: string,
  files: SecretFiles,
  log: Log,
  onChange: (entries: readonly TenantEntry[]) => void,
): () => void {
  let inForce: string | undefined;
  let reported: string | undefined;
  let resting = { state: '', until: 0 };
  const report = (mistakes: readonly string[], err?: unknown) => {
    const text = JSON.stringify(mistakes);
    if (reported === text) return;
    reported = text;
    log.error(
      { mistakes, ...(err !== undefined && { err }) },
      'TENANTS_FILE has mistakes: what was read before stays in force',
    );
  };
  const look = () => {
    const state = stateOfFile(path);
    if (state === inForce) {
      if (reported !== undefined) log.info('TENANTS_FILE is as it was before its mistakes');
      reported = undefined;
      return;
    }
    if (state === resting.state && performance.now() < resting.until) return;
    const startedAt = performance.now();
    const read = readTenantsFile(path, files);
    if ('mistakes' in read) {
      resting = { state, until: startedAt + REST_FACTOR * (performance.now() - startedAt) };
      return report(read.mistakes);
    }
    onChange(read.tenants);
    if (inForce !== undefined) log.info({ tenants: read.tenants.length }, 'TENANTS_FILE was read again');
    inForce = state;
    reported = undefined;
  };
  const looking = setInterval(() => {
    try {
      look();
    } catch (error) {
      // A timer that throws would end the process.
      report(['cannot be applied'], error);
    }
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(looking);
}
