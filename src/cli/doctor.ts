import type { Config } from '../config/config.ts';
import type { TenantEntry } from '../config/tenants-file.ts';
import { openSqliteIdempotencyStore } from '../store/sqlite-idempotency.ts';
import { noObserver } from '../telemetry/observer.ts';
import { CallTracker } from '../upstream/call-tracker.ts';
import { UpstreamUnauthorized } from '../upstream/errors.ts';
import { createHttp, type Http } from '../upstream/http/http.ts';
import type { ManagementApi } from '../upstream/management-api.ts';
import { createUpstream, type Upstream } from '../upstream/upstream.ts';
import { nextStep } from './advice.ts';
import { openUpstream } from './serve.ts';

/** Where the doctor speaks: findings, and progress of what takes its time. */
export interface Voice {
  readonly print: (text: string) => void;
  readonly say: (text: string) => void;
}

/**
 * Tries the configured keys: a token, then each list once. Prints a line per check and, for each that fails, what to
 * do next. True when nothing is wrong; what only partners have may be missing.
 */
export async function doctor(config: Config, voice: Voice): Promise<boolean> {
  const { print } = voice;
  line(print, 'configuration', 'ok');
  const { upstream, close } = await openUpstream(config);
  line(print, 'upstream', `${upstream.url}${config.upstream.url ? '' : ' (embedded sandbox)'}`);
  const clock: Clock = { skewMs: undefined };
  const managementApi = createUpstream({
    ...config.upstream,
    origin: upstream.url,
    store: await openSqliteIdempotencyStore({ file: ':memory:' }),
    http: watchClock(createHttp(upstream.url, config.upstream.concurrency), clock),
    maxQueued: config.limits.maxUpstreamCalls,
    cache: 0,
    observer: {
      ...noObserver,
      contractDrift: (route, field) => line(print, 'drift', `${route} violates its contract at ${field}`),
    },
  });
  try {
    let sound = true;
    for (const entry of upstream.tenants) {
      if (config.tenants.file) line(print, 'tenant', entry.id);
      sound = (await examine(entry, { config, managementApi, clock }, voice)) && sound;
    }
    return sound;
  } finally {
    await managementApi.close();
    await close();
  }
}

interface Clock {
  /** How far our clock is ahead of the upstream's; undefined as long as no answer had a `Date`. */
  skewMs: number | undefined;
}

interface Setup {
  readonly config: Config;
  readonly managementApi: Upstream;
  readonly clock: Clock;
}

async function examine(
  { id, credentials }: TenantEntry,
  { config, managementApi, clock }: Setup,
  voice: Voice,
): Promise<boolean> {
  const { print } = voice;
  clock.skewMs = undefined;
  const client = managementApi.client(credentials, { name: id });
  const api = client.api(new CallTracker('doctor'));
  const check = (title: string, run: () => Promise<string>) => runCheck(title, run, config, voice);
  const issued = await check('token', async () => {
    await client.checkKeys();
    return 'issued';
  });
  if (!issued) return false;
  let sound = true;
  for (const [title, run] of Object.entries(lists)) sound = (await check(title, () => run(api))) && sound;
  line(print, 'clock', describeSkew(clock.skewMs));
  return sound;
}

const lists: Record<string, (api: ManagementApi) => Promise<string>> = {
  'sales units': async (api) => count(await api.salesUnits()),
  'product orders': async (api) => {
    const orders = await api.productOrders({ includeExpired: true });
    const expired = orders.filter((order) => !(order instanceof Error) && order.status === 'EXPIRED').length;
    return `${count(orders)}; ${expired} of them expired`;
  },
  'price packages': async (api) => {
    try {
      return `${count(await api.pricePackages())}; these are keys of a partner`;
    } catch (error) {
      // Only partners have price packages, so this refusal is an answer.
      if (error instanceof UpstreamUnauthorized && error.status === 403)
        return 'none: refused with 403, so these are keys of a merchant and not of a partner';
      throw error;
    }
  },
};

function count(rows: readonly unknown[]): string {
  const broken = rows.filter((row) => row instanceof Error).length;
  return `${rows.length}${broken > 0 ? `, of which ${broken} cannot be read` : ''}`;
}

const TITLE_WIDTH = 16;
const line = (print: Voice['print'], title: string, text: string) => print(title.padEnd(TITLE_WIDTH) + text);

const PROGRESS_EVERY_MS = 1_000;

async function runCheck(
  title: string,
  run: () => Promise<string>,
  config: Config,
  { print, say }: Voice,
): Promise<boolean> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const progress = setInterval(
    () => say(`… ${title}: waiting for ${Math.round(elapsed() / 1000)} s`),
    PROGRESS_EVERY_MS,
  );
  try {
    const found = await run();
    line(print, title, `${found} (${elapsed()} ms)`);
    return true;
  } catch (error) {
    line(print, title, `FAILED  ${error instanceof Error ? error.message : String(error)}`);
    line(print, '', `→ ${inTheirWords(nextStep(error, config), config)}`);
    return false;
  } finally {
    clearInterval(progress);
  }
}

// The same keys have other names in the tenants file.
function inTheirWords(advice: string, { tenants }: Config): string {
  if (tenants.file === undefined) return advice;
  return advice
    .replaceAll('VIPPS_CLIENT_ID', 'upstream.clientId')
    .replaceAll('VIPPS_CLIENT_SECRET', 'upstream.clientSecret')
    .replaceAll('VIPPS_SUBSCRIPTION_KEY', 'upstream.subscriptionKey')
    .replaceAll('VIPPS_TOKEN_FLOW', 'upstream.tokenFlow')
    .replaceAll('VIPPS_MERCHANT_SERIAL_NUMBER', 'upstream.merchantSerialNumber');
}

/** Notes how far the upstream's `Date` is from our clock; half a second is its rounding, half the round trip its age. */
function watchClock(http: Http, clock: Clock): Http {
  return {
    ...http,
    async exchange(request, cancellation) {
      const sentAt = Date.now();
      const answer = await http.exchange(request, cancellation);
      const date = Date.parse(String(answer.headers['date']));
      if (!Number.isNaN(date)) clock.skewMs = (sentAt + Date.now()) / 2 - (date + 500);
      return answer;
    },
  };
}

function describeSkew(skewMs: number | undefined): string {
  if (skewMs === undefined) return 'unknown: the upstream sends no Date';
  const seconds = Math.abs(Math.round(skewMs / 1000));
  if (seconds < 2) return 'in step with the upstream';
  return `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the upstream: mend it with NTP`;
}
