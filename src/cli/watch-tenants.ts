import { unwatchFile, watchFile } from 'node:fs';
import type { SecretFiles } from '../secret-file.ts';
import type { Log } from '../server/log.ts';
import { readTenantsFile, type TenantEntry } from '../tenants-file.ts';

// A revoked key must be refused within a second. Asking the file system works for every kind of mount, watching does not.
const LOOK_EVERY_MS = 400;

/** Tells of every change of the file that can be understood; one that cannot is logged and changes nothing. */
export function watchTenants(
  path: string,
  files: SecretFiles,
  log: Log,
  onChange: (entries: readonly TenantEntry[]) => void,
): () => void {
  const look = () => {
    const read = readTenantsFile(path, files);
    if ('mistakes' in read) {
      log.error(
        { mistakes: read.mistakes },
        'TENANTS_FILE has mistakes: what was read before stays in force',
      );
      return;
    }
    onChange(read.tenants);
    log.info({ tenants: read.tenants.length }, 'TENANTS_FILE was read again');
  };
  watchFile(path, { interval: LOOK_EVERY_MS }, look);
  return () => unwatchFile(path, look);
}
