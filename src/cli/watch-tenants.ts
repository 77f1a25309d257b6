import { statSync } from 'node:fs';
import type { SecretFiles } from '../secret-file.ts';
import type { Log } from '../server/log.ts';
import { readTenantsFile, type TenantEntry } from '../tenants-file.ts';

// A revoked key must be refused within a second. Asking the file system works for every kind of mount, watching does not.
const LOOK_EVERY_MS = 400;

/**
 * Tells of every state of the file that can be understood, the first time soon after the start, since it may have
 * changed while the gateway came up. One that cannot be understood is logged once and tried again until it can: a secret
 * file that it names may only be gone for a moment.
 */
export function watchTenants(
  path: string,
  files: SecretFiles,
  log: Log,
  onChange: (entries: readonly TenantEntry[]) => void,
): () => void {
  let inForce: string | undefined;
  let complainedOf: string | undefined;
  const look = () => {
    const state = stateOf(path);
    if (state === inForce) return;
    const read = readTenantsFile(path, files);
    if ('tenants' in read) {
      onChange(read.tenants);
      if (inForce !== undefined) log.info({ tenants: read.tenants.length }, 'TENANTS_FILE was read again');
      inForce = state;
    } else if (complainedOf !== state) {
      log.error(
        { mistakes: read.mistakes },
        'TENANTS_FILE has mistakes: what was read before stays in force',
      );
      complainedOf = state;
    }
  };
  const looking = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(looking);
}

/** Differs whenever the file may have changed; `absent` while it is being replaced. */
function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join() : 'absent';
}
