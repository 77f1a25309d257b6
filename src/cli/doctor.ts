import type { Config } from '../config/config.ts';
import type { TenantEntry } from '../config/tenants-file.ts';
import { openSqliteIdempotencyStore } from '../store/sqlite-idempotency.ts';
import { CallTracker } from '../upstream/call-tracker.ts';
import { createUpstreamClient } from '../upstream/client.ts';
import { createHttp, type Http } from '../upstream/http/http.ts';
import { tenantKeyOf } from '../upstream/keys/tenant-key.ts';
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
  const { upstream, close } = await openUpstream(config);
  printLine(output, 'upstream', `${upstream.url}${config.upstream.url ? '' : ' (embedded sandbox)'}`);
  const http = createHttp(upstream.url, config.upstream.concurrency);
  try {
    let succeeded = true;
    for (const entry of upstream.tenants) {
      if (config.tenants.file) printLine(output, 'tenant', entry.id);
      succeeded = (await examine(entry, upstream.url, config, http, output)) && succeeded;
    }
    return succeeded;
  } finally {
    await http.close();
    await close();
  }
}

async function examine(
  { id, credentials }: TenantEntry,
  url: string,
  config: Config,
  http: Http,
  output: Output,
): Promise<boolean> {
  const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
  const skew: ClockSkew = { ms: undefined };
  const client = createUpstreamClient({
    key: tenantKeyOf(url, id, credentials),
    credentials,
    origin: url,
    outcomes,
    onStoreFailure: () => {},
    http: { ...http, exchange: measureSkew(http, skew) },
    systemHeaders: config.upstream.systemHeaders,
    concurrency: config.upstream.concurrency,
    maxQueued: config.limits.maxUpstreamCalls,
    timeoutMs: config.upstream.timeoutMs,
    cache: undefined,
    onDrift: (route, field) => printLine(output, 'drift', `${route} violates its contract at ${field}`),
  });
  const api = client.api(new CallTracker('doctor'));
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
  printLine(output, 'clock', describeSkew(skew));
  return succeeded;
}
