import type { Config } from '../../config/config.ts';
import { openSqliteIdempotencyStore } from '../../store/sqlite-idempotency.ts';
import { CallTracker } from '../../upstream/call-tracker.ts';
import type { ManagementApi } from '../../upstream/management-api.ts';
import { unlessBroken } from '../../upstream/models/broken.ts';
import { type BusinessIdentifier, businessKey } from '../../upstream/models/identifiers.ts';
import type { Merchant } from '../../upstream/models/merchant.ts';
import { createUpstream } from '../../upstream/upstream.ts';
import { openUpstream } from '../open-upstream.ts';
import { createProgress, type ProgressOutput } from '../progress.ts';
import { ExportError } from './export-error.ts';
import { ExportFile } from './export-file.ts';
import { type FormatName, formats } from './format.ts';
import { type ExportRow, toRow } from './rows.ts';

export interface ExportOptions {
  readonly out: string;
  readonly format: FormatName;
  /** The first tenant if absent. */
  readonly tenant?: string | undefined;
}

/** Units that are read at once. The limit of the client decides how many calls there are. */
const BATCH = 200;

/**
 * Writes every sales unit with its merchant to a file, with one call for the list, one per unit and one per merchant. Units
 * that the file already has are skipped, so that an export that was broken off can be repeated. Returns the exit code: 1 if
 * some units could not be read. They are left out.
 */
export async function exportUnits(
  config: Config,
  options: ExportOptions,
  say: (text: string) => void,
  terminal: ProgressOutput,
): Promise<number> {
  const { upstream, close } = await openUpstream(config);
  const managementApi = createUpstream({
    ...config.upstream,
    origin: upstream.url,
    store: await openSqliteIdempotencyStore({ file: ':memory:' }),
    maxQueued: 2 * BATCH,
    cache: 0,
  });
  try {
    const { tenant } = options;
    const entry = tenant ? upstream.tenants.find(({ id }) => id === tenant) : upstream.tenants[0];
    if (!entry)
      throw new ExportError(tenant ? `--tenant: there is no tenant ${tenant}` : 'There are no keys.');
    const client = managementApi.client(entry.credentials, { name: entry.id });
    const file = await ExportFile.open(options.out, formats[options.format]);
    const failed = await writeUnits(() => client.api(new CallTracker('export')), file, terminal).finally(() =>
      file.close(),
    );
    if (failed > 0) say(`${failed} sales units could not be read. Run the command again to add them.`);
    return failed > 0 ? 1 : 0;
  } finally {
    await managementApi.close();
    await close();
  }
}

/** Returns the number of units that could not be read. */
async function writeUnits(
  newApi: () => ManagementApi,
  file: ExportFile,
  terminal: ProgressOutput,
): Promise<number> {
  const listed = await newApi()
    .salesUnits()
    .catch((error: Error) => {
      throw new ExportError(`The sales units cannot be listed: ${error.message}`);
    });
  const msns = listed.flatMap((row) => (row instanceof Error ? [] : [row.msn])).sort();
  const missing = msns.filter((msn) => !file.written.has(msn));
  let done = msns.length - missing.length;
  let failed = listed.length - msns.length;
  const show = createProgress(terminal, { of: 'sales units', doneBefore: done });
  show(done, msns.length);
  const merchantOf = createMerchantReader();
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    // Each batch has a deadline of its own.
    const api = newApi();
    const rows = await Promise.all(batch.map((msn) => readRow(api, merchantOf, msn).catch(() => undefined)));
    const read = rows.filter((row) => row !== undefined);
    await file.add(read);
    failed += batch.length - read.length;
    done += batch.length;
    show(done, msns.length);
  }
  return failed;
}

/** Reads each merchant once, however many units it has. */
function createMerchantReader() {
  const known = new Map<string, Promise<Merchant | null>>();
  return (api: ManagementApi, identifier: BusinessIdentifier) => {
    const key = businessKey(identifier);
    const merchant = known.get(key) ?? api.merchant(identifier);
    known.set(key, merchant);
    // A failure belongs to the units that wait for it now; a later unit tries again.
    merchant.catch(() => known.delete(key));
    return merchant;
  };
}

async function readRow(
  api: ManagementApi,
  merchantOf: ReturnType<typeof createMerchantReader>,
  msn: string,
): Promise<ExportRow> {
  const unit = await api.salesUnit(msn);
  if (!unit) throw new ExportError(`${msn} is no longer visible`);
  const business = unlessBroken(unit.businessIdentifier);
  return toRow(unit, business ? await merchantOf(api, business) : null);
}
