import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { IdempotencyFileError } from '../store/sqlite-database.ts';
import { openSqliteIdempotencyStore } from '../store/sqlite-idempotency.ts';
import type { Log } from '../telemetry/log.ts';
import type { IdempotencyStore } from '../upstream/writes/idempotency-store.ts';

const IN_MEMORY = ':memory:';
const NAME = 'outcomes.sqlite';

/**
 * Opens the store of the outcomes of writes. On the embedded sandbox it is in memory by default, because the sandbox
 * loses its orders when the process ends. Throws a `ConfigError` when `OUTCOMES_FILE` is set and cannot be used.
 */
export async function openOutcomes(
  { store: { outcomesFile, dataFolder } }: Config,
  log: Log,
): Promise<IdempotencyStore> {
  const file = outcomesFile ?? (dataFolder ? join(dataFolder, NAME) : IN_MEMORY);
  try {
    return await openSqliteIdempotencyStore({ file });
  } catch (error) {
    if (!(error instanceof IdempotencyFileError)) throw error;
    if (outcomesFile) throw new ConfigError([`OUTCOMES_FILE: cannot be used: ${error.message}`]);
    // A read-only container must still start. The upstream still recognises repeated idempotency keys.
    log.warn(
      { file, reason: error.message },
      'outcomes of writes are kept in memory only: set OUTCOMES_FILE to a writable file',
    );
    return openSqliteIdempotencyStore({ file: IN_MEMORY });
  }
}
