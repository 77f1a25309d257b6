import type { Log } from '../../telemetry/log.ts';
import type { ConfigurationFreshness } from '../configuration-freshness.ts';
import { stateOfFile } from '../files/read-small-file.ts';
import type { SecretFiles } from '../files/secret-file.ts';
import { type Readable, withoutRevoked } from './revocations.ts';
import type { TenantEntry } from './tenant-entry.ts';
import { readTenantsFile } from './tenants-file.ts';

// A revoked key must be refused within a second. Polling works on every kind of mount; watching does not.
const LOOK_EVERY_MS = 400;
/** A large file with mistakes is read repeatedly. That may take a twentieth of the time at most. */
const REST_FACTOR = 20;

export interface WatchOptions {
  readonly files: SecretFiles;
  readonly log: Log;
  /** The tenants that are in use now. */
  readonly entries: readonly TenantEntry[];
  readonly freshness: ConfigurationFreshness;
  /** If it returns a promise, that resolves when the entries are in use everywhere. */
  readonly onChange: (entries: readonly TenantEntry[]) => unknown;
}

/**
 * Calls `onChange` for every valid version of the file. The first call comes soon after the start, because the file may
 * have changed while the gateway was starting. An invalid version is logged once and read again until it is valid: a
 * secret file that it names may be absent for a moment only. Keys that it no longer has are refused even so. Returns
 * a function that stops the watch.
 */
export function watchTenants(
  path: string,
  { files, log, entries, freshness, onChange }: WatchOptions,
): () => void {
  let inUse: string | undefined;
  let entriesInUse = entries;
  let reported: string | undefined;
  let resting = { state: '', until: 0 };
  const report = (mistakes: readonly string[], err?: unknown) => {
    freshness.mark('TENANTS_FILE', true);
    const text = JSON.stringify(mistakes);
    if (reported === text) return;
    reported = text;
    log.error(
      { mistakes, ...(err !== undefined && { err }) },
      'TENANTS_FILE has mistakes: the previous version stays in use',
    );
  };
  /** Says so when it is true: a revoked key is then refused by every process. */
  const apply = (next: readonly TenantEntry[], say: () => void) => {
    const applying = onChange(next);
    if (applying instanceof Promise)
      applying.then(say, (error: unknown) => report(['cannot be applied'], error));
    else say();
  };
  const revoke = (readable: Readable) => {
    const { entries: left, revoked } = withoutRevoked(entriesInUse, readable);
    if (revoked === 0) return;
    entriesInUse = left;
    // The state before the mistakes is not in use any more.
    inUse = '';
    apply(left, () =>
      log.warn(
        { revoked },
        'TENANTS_FILE has mistakes: only the keys and scopes that it no longer has were removed',
      ),
    );
  };
  const look = () => {
    const state = stateOfFile(path);
    if (state === inUse) {
      if (reported !== undefined) log.info('TENANTS_FILE is again as it was before its mistakes');
      reported = undefined;
      freshness.mark('TENANTS_FILE', false);
      return;
    }
    if (state === resting.state && performance.now() < resting.until) return;
    const startedAt = performance.now();
    const read = readTenantsFile(path, files);
    if ('mistakes' in read) {
      resting = { state, until: startedAt + REST_FACTOR * (performance.now() - startedAt) };
      if (read.readable) revoke(read.readable);
      return report(read.mistakes);
    }
    entriesInUse = read.tenants;
    const isFirst = inUse === undefined;
    apply(read.tenants, () => {
      if (!isFirst) log.info({ tenants: read.tenants.length }, 'TENANTS_FILE was read again');
    });
    inUse = state;
    reported = undefined;
    freshness.mark('TENANTS_FILE', false);
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
