import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { openSqliteOutcomes } from '../store/sqlite.ts';
import { OutcomesFileError } from '../store/sqlite-database.ts';
import type { Log } from '../telemetry/log.ts';
import type { OutcomeStore } from '../upstream/writes/idempotency-store.ts';

const IN_MEMORY = ':memory:';
const DEFAULT_FILE = '.management-graphql/outcomes.sqlite';

/**
 * The store of what became of writes. The embedded sandbox forgets its orders when the process ends, so nothing is kept
 * for it beyond that. Throws `ConfigError` when `OUTCOMES_FILE` was given and cannot be used.
 */
export async function openOutcomes(
  { upstream, store: { outcomesFile } }: Config,
  log: Log,
): Promise<OutcomeStore> {
  const file = outcomesFile ?? (upstream.url ? DEFAULT_FILE : IN_MEMORY);
  try {
    return await openSqliteOutcomes({ file });
  } catch (error) {
    if (!(error instanceof OutcomesFileError)) throw error;
    if (outcomesFile) throw new ConfigError([`OUTCOMES_FILE: cannot be used: ${error.message}`]);
    // A read-only container must still start; the upstream's own memory of keys remains.
    log.warn(
      { file, reason: error.message },
      'outcomes of writes are kept in memory only: set OUTCOMES_FILE to a file that can be written',
    );
    return openSqliteOutcomes({ file: IN_MEMORY });
  }
}
