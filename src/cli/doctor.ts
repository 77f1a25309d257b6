import type { Config } from '../config.ts';
import { UpstreamError, UpstreamUnauthorized, UpstreamUnavailable } from '../upstream/errors.ts';
import { createHttp } from '../upstream/http.ts';
import type { ManagementApi } from '../upstream/management-api.ts';
import { RequestScope } from '../upstream/request-scope.ts';
import { createTenant } from '../upstream/tenant.ts';
import { openUpstream } from './serve.ts';

interface Check {
  readonly title: string;
  /** What was found. Throws as the API does. */
  readonly run: (api: ManagementApi) => Promise<string>;
}

/**
 * Tries the configured keys: a token, then each list once. Prints a line per check and, for each that fails, what to
 * do next. True when nothing is wrong; what only partners have may be missing.
 */
export async function doctor(
  config: Config,
  print: (text: string) => void,
  say: (text: string) => void,
): Promise<boolean> {
  print('configuration   ok');
  const { upstream, close } = await openUpstream(config);
  const http = createHttp(upstream.url, config.concurrency);
  const clock = { skewMs: undefined as number | undefined };
  const tenant = createTenant({
    credentials: upstream.credentials,
    http: {
      ...http,
      exchange: async (request, cancellation) => {
        const sentAt = Date.now();
        const answer = await http.exchange(request, cancellation);
        const date = Date.parse(String(answer.headers['date']));
        // `Date` has whole seconds: half of one, and half of the round trip, are taken off.
        if (!Number.isNaN(date)) clock.skewMs = (sentAt + Date.now()) / 2 - (date + 500);
        return answer;
      },
    },
    systemHeaders: config.systemHeaders,
    concurrency: config.concurrency,
    maxQueued: config.maxUpstreamCalls,
    timeoutMs: config.upstreamTimeoutMs,
    cacheMaxBytes: 0,
    onDrift: (route, field) => print(`drift           ${route} strays from its contract at ${field}`),
  });
  try {
    const api = tenant.api(new RequestScope('doctor'));
    print(`upstream        ${upstream.url}${config.upstream ? '' : ' (embedded sandbox)'}`);
    let sound = await check('token', async () => (await tenant.checkKeys(), 'issued'), config, print, say);
    if (!sound) return false;
    for (const { title, run } of checks)
      sound = (await check(title, () => run(api), config, print, say)) && sound;
    print(`clock           ${describeSkew(clock.skewMs)}`);
    return sound;
  } finally {
    await http.close();
    await close();
  }
}

const count = (rows: readonly unknown[]) => {
  const broken = rows.filter((row) => row instanceof Error).length;
  return `${rows.length}${broken > 0 ? `, of which ${broken} cannot be read` : ''}`;
};

const checks: readonly Check[] = [
  { title: 'sales units', run: async (api) => count(await api.salesUnits()) },
  { title: 'product orders', run: async (api) => count(await api.productOrders({ includeExpired: true })) },
  {
    title: 'price packages',
    run: async (api) => {
      try {
        return `${count(await api.pricePackages())}; these are keys of a partner`;
      } catch (error) {
        if (error instanceof UpstreamUnauthorized && error.status === 403)
          return 'none: refused with 403, so these are keys of a merchant and not of a partner';
        throw error;
      }
    },
  },
];

const SLOW_MS = 1_000;

async function check(
  title: string,
  run: () => Promise<string>,
  config: Config,
  print: (text: string) => void,
  say: (text: string) => void,
): Promise<boolean> {
  const startedAt = performance.now();
  const progress = setInterval(
    () => say(`  … ${title}: waiting for ${Math.round((performance.now() - startedAt) / 1000)} s`),
    SLOW_MS,
  );
  try {
    const found = await run();
    print(`${title.padEnd(16)}${found} (${Math.round(performance.now() - startedAt)} ms)`);
    return true;
  } catch (error) {
    print(`${title.padEnd(16)}FAILED  ${error instanceof Error ? error.message : String(error)}`);
    print(`                → ${nextStep(error, config)}`);
    return false;
  } finally {
    clearInterval(progress);
  }
}

/** What to do about a failure, by variable name where one decides. */
function nextStep(error: unknown, { upstreamTimeoutMs }: Config): string {
  if (error instanceof UpstreamUnauthorized) {
    if (error.route.startsWith('POST')) {
      if (/subscription/i.test(error.problem?.title ?? ''))
        return 'Check VIPPS_SUBSCRIPTION_KEY: it must belong to the same keys.';
      return 'Check VIPPS_CLIENT_ID, VIPPS_CLIENT_SECRET and VIPPS_SUBSCRIPTION_KEY (production keys of one set), and VIPPS_TOKEN_FLOW.';
    }
    if (error.status === 403)
      return 'The keys work but may not read this. With partner keys, set VIPPS_MERCHANT_SERIAL_NUMBER to a unit connected to you.';
    return 'The token was issued but is refused here: check VIPPS_SUBSCRIPTION_KEY and VIPPS_TOKEN_FLOW.';
  }
  if (error instanceof UpstreamUnavailable) {
    if (error.reason === 'timeout')
      return `No answer within ${upstreamTimeoutMs} ms: raise UPSTREAM_TIMEOUT_MS, or check the network.`;
    if (error.reason === 'network')
      return 'No connection: check MANAGEMENT_API_URL, DNS, proxy and firewall.';
    return 'The Management API has trouble of its own: try again later (maintenance is Monday 01:00 to 05:00 CET).';
  }
  if (error instanceof UpstreamError)
    return 'This is no answer of the Management API: check MANAGEMENT_API_URL (production is https://api.vipps.no).';
  return 'This is a mistake of the gateway: report it.';
}

function describeSkew(skewMs: number | undefined): string {
  if (skewMs === undefined) return 'unknown: the upstream sends no Date';
  const seconds = Math.round(skewMs / 1000);
  return Math.abs(seconds) < 2
    ? 'in step with the upstream'
    : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the upstream: mend it with NTP`;
}
