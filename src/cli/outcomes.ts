import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { IdempotencyFileError } from '../store/sqlite-database.ts';
import { openSqliteIdempotencyStore } from '../store/sqlite-idempotency.ts';
import type { Log } from '../telemetry/log.ts';
import type { IdempotencyStore } from '../upstream/writes/idempotency-store.ts';

const IN_MEMORY = ':memory:';
const DEFAULT_FILE = '.management-graphql/outcomes.sqlite';

/**
 * The store of what became of writes. The embedded sandbox forgets its orders when the process ends, so nothing is kept
 * for it beyond that. Throws `ConfigError` when `OUTCOMES_FILE` was given and cannot be used.
 */
export async function openOutcomes(
  { upstream, store: { outcomesFile } }: Config,
  log: Log,
): Promise<IdempotencyStore> {
  const file = outcomesFile ?? (upstream.url ? DEFAULT_FILE : IN_MEMORY);
  try {
    return await openSqliteIdempotencyStore({ file });
  } catch (error) {
    if (!(error instanceof IdempotencyFileError)) throw error;
    if (outcomesFile) throw new ConfigError([`OUTCOMES_FILE: cannot be used: ${error.message}`]);
    // A read-only container must still start; the upstream's own memory of keys remains.
    log.warn(
      { file, reason: error.message },
      'outcomes of writes are kept in memory only: set OUTCOMES_FILE to a file that can be written',
    );
    return openSqliteIdempotencyStore({ file: IN_MEMORY });
  }
}
