import type { Config } from '../config/config.ts';
import {
  UpstreamError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../upstream/errors.ts';

/** What to do about a failed call, by variable name where one decides. */
export function nextStep(error: unknown, { upstream }: Config): string {
  if (error instanceof UpstreamUnauthorized) return afterRefusal(error);
  if (error instanceof UpstreamUnavailable) {
    if (error.reason === 'timeout')
      return `No answer within ${upstream.timeoutMs} ms: raise UPSTREAM_TIMEOUT_MS, or check the network.`;
    if (error.reason === 'network')
      return 'No connection: check MANAGEMENT_API_URL, DNS, proxy and firewall.';
    return 'The Management API has trouble of its own: try again later (maintenance is Monday 01:00 to 05:00 CET).';
  }
  if (error instanceof UpstreamRateLimited) {
    const wait = error.retryAfterMs === undefined ? 'a while' : `${Math.ceil(error.retryAfterMs / 1000)} s`;
    return `The Management API asks for patience: wait ${wait}, then try again; lower UPSTREAM_CONCURRENCY if it stays.`;
  }
  if (error instanceof UpstreamRejected)
    return 'The Management API refused the request: check VIPPS_MERCHANT_SERIAL_NUMBER and the VIPPS_SYSTEM_ variables.';
  if (error instanceof UpstreamError)
    return 'This is no answer of the Management API: check MANAGEMENT_API_URL (production is https://api.vipps.no).';
  return 'This is a mistake of the gateway: report it.';
}

function afterRefusal({ route, status, problem }: UpstreamUnauthorized): string {
  const aboutSubscription = /subscription/i.test(problem?.title ?? '');
  if (aboutSubscription)
    return 'Check VIPPS_SUBSCRIPTION_KEY: it must be of the same set as the other keys, and is not sent with VIPPS_TOKEN_FLOW=miami.';
  if (route.startsWith('POST'))
    return 'Check VIPPS_CLIENT_ID and VIPPS_CLIENT_SECRET (production keys of one set), and VIPPS_TOKEN_FLOW.';
  if (status === 403)
    return 'The keys work but may not read this. With partner keys, set VIPPS_MERCHANT_SERIAL_NUMBER to a unit that is connected to you.';
  return 'A token was issued but is refused here: check VIPPS_SUBSCRIPTION_KEY and VIPPS_TOKEN_FLOW.';
}
