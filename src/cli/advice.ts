import type { Config } from '../config/config.ts';
import {
  UpstreamError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../upstream/errors.ts';

/** Returns what to do about a failed call, with the names of the settings to change. */
export function adviseOn(error: unknown, config: Config): string {
  const advice = adviseByVariable(error, config.upstream.timeoutMs);
  return config.tenants.file === undefined ? advice : inTermsOfTenantsFile(advice);
}

function adviseByVariable(error: unknown, timeoutMs: number): string {
  if (error instanceof UpstreamUnauthorized) return adviseOnKeys(error);
  if (error instanceof UpstreamUnavailable) {
    if (error.reason === 'timeout')
      return `No answer within ${timeoutMs} ms. Raise UPSTREAM_TIMEOUT_MS, or check the network.`;
    if (error.reason === 'network')
      return 'No connection. Check MANAGEMENT_API_URL, DNS, proxy and firewall.';
    return 'The Management API is unavailable: try again later. Maintenance is on Mondays from 01:00 to 05:00 CET.';
  }
  if (error instanceof UpstreamRateLimited) {
    const wait = error.retryAfterMs === undefined ? 'a while' : `${Math.ceil(error.retryAfterMs / 1000)} s`;
    return `The Management API is rate limiting this gateway. Try again after ${wait}. If this persists, lower UPSTREAM_CONCURRENCY.`;
  }
  if (error instanceof UpstreamRejected)
    return 'The Management API rejected the request. Check VIPPS_MERCHANT_SERIAL_NUMBER and the VIPPS_SYSTEM_ variables.';
  if (error instanceof UpstreamError)
    return 'This answer is not from the Management API. Check MANAGEMENT_API_URL (production is https://api.vipps.no).';
  return 'This is a bug in the gateway. Please report it.';
}

function adviseOnKeys({ route, status, problem }: UpstreamUnauthorized): string {
  if (/subscription/i.test(problem?.title ?? ''))
    return 'Check VIPPS_SUBSCRIPTION_KEY. It must be from the same set as the other keys, and is not sent with VIPPS_TOKEN_FLOW=miami.';
  if (route.startsWith('POST'))
    return 'Check VIPPS_CLIENT_ID and VIPPS_CLIENT_SECRET, which must be production keys from one set, and VIPPS_TOKEN_FLOW.';
  if (status === 403)
    return 'The keys are valid but may not read this. With partner keys, set VIPPS_MERCHANT_SERIAL_NUMBER to a sales unit that is connected to you.';
  return 'A token was issued but is refused here. Check VIPPS_SUBSCRIPTION_KEY and VIPPS_TOKEN_FLOW.';
}

/** Replaces variables by the properties of the tenants file that hold the same keys. */
const inTermsOfTenantsFile = (advice: string): string =>
  advice
    .replaceAll('VIPPS_CLIENT_ID', 'upstream.clientId')
    .replaceAll('VIPPS_CLIENT_SECRET', 'upstream.clientSecret')
    .replaceAll('VIPPS_SUBSCRIPTION_KEY', 'upstream.subscriptionKey')
    .replaceAll('VIPPS_TOKEN_FLOW', 'upstream.tokenFlow')
    .replaceAll('VIPPS_MERCHANT_SERIAL_NUMBER', 'upstream.merchantSerialNumber');
