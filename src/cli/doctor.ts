import type { Config } from '../config/config.ts';
import type { TenantEntry } from '../config/tenants/tenant-entry.ts';
import { describeFillTime } from '../directory/fill-time.ts';
import { openSqliteIdempotencyStore } from '../store/sqlite-idempotency.ts';
import { noObserver } from '../telemetry/observer.ts';
import { CallTracker } from '../upstream/call-tracker.ts';
import { createHttp } from '../upstream/http/http.ts';
import type { ManagementApi } from '../upstream/management-api.ts';
import { createUpstream, type Upstream } from '../upstream/upstream.ts';
import { adviseOn } from './advice.ts';
import { type ClockSkew, describeSkew, measureSkew } from './clock-skew.ts';
import { listChecks } from './doctor-checks.ts';
import { type Output, printLine, runCheck } from './doctor-output.ts';
import { openUpstream } from './open-upstream.ts';

/**
 * Checks the configured keys: gets a token, then reads each list once. Prints a line per check, and what to do about each
 * failure. Returns whether every check succeeded; price packages, which only partners have, may be missing.
 */
export async function doctor(config: Config, output: Output): Promise<boolean> {
  printLine(output, 'configuration', 'ok');
  for (const warning of config.warnings) printLine(output, '', warning);
  const { upstream, close } = await openUpstream(config);
  printLine(output, 'upstream', `${upstream.url}${config.upstream.url ? '' : ' (embedded sandbox)'}`);
  const skew: ClockSkew = { ms: undefined };
  const http = createHttp(upstream.url, config.upstream.concurrency);
  const managementApi = createUpstream({
    ...config.upstream,
    origin: upstream.url,
    store: await openSqliteIdempotencyStore({ file: ':memory:' }),
    http: { ...http, exchange: measureSkew(http, skew) },
    maxQueued: config.limits.maxUpstreamCalls,
    cache: 0,
    observer: {
      ...noObserver,
      contractDrift: (route, field) =>
        printLine(output, 'drift', `${route} violates its contract at ${field}`),
    },
  });
  try {
    let succeeded = true;
    for (const entry of upstream.tenants) {
      if (config.tenants.file) printLine(output, 'tenant', entry.id);
      succeeded = (await examine(entry, { config, managementApi, skew, output })) && succeeded;
    }
    return succeeded;
  } finally {
    await managementApi.close();
    await close();
  }
}

interface Setup {
  readonly config: Config;
  readonly managementApi: Upstream;
  readonly skew: ClockSkew;
  readonly output: Output;
}

async function examine(
  { id, credentials }: TenantEntry,
  { config, managementApi, skew, output }: Setup,
): Promise<boolean> {
  skew.ms = undefined;
  const client = managementApi.client(credentials, { name: id });
  const given = client.api(new CallTracker('doctor'));
  let units: number | undefined;
  const api: ManagementApi = {
    ...given,
    salesUnits: async () => {
      const rows = await given.salesUnits();
      units = rows.length;
      return rows;
    },
  };
  const check = (title: string, run: () => Promise<string>) =>
    runCheck(title, run, (error) => adviseOn(error, config), output);
  const isIssued = await check('token', async () => {
    await client.checkKeys();
    return 'issued';
  });
  if (!isIssued) return false;
  let succeeded = true;
  for (const [title, run] of Object.entries(listChecks))
    succeeded = (await check(title, () => run(api))) && succeeded;
  if (config.directory && units !== undefined)
    printLine(output, 'directory', describeFill(units, config.directory.callsPerSecond));
  printLine(output, 'clock', describeSkew(skew));
  return succeeded;
}

const describeFill = (units: number, callsPerSecond: number): string =>
  Number.isFinite(callsPerSecond)
    ? `the first fill takes ${describeFillTime(units, callsPerSecond)} at ${callsPerSecond} calls per second`
    : 'the first fill takes a moment';
