import type { Config } from '../config/config.ts';
import { failureOf } from '../server/errors/failures.ts';
import { UpstreamUnauthorized } from '../upstream/errors.ts';
import { wordsOf } from '../upstream/http/problem.ts';

/** Returns what to do about a failed call, with the names of the settings to change. */
export function adviseOn(error: unknown, config: Config): string {
  const advice =
    adviseOnKeys(error) ?? failureOf(error)?.advice ?? 'This is a bug in the gateway. Please report it.';
  return config.tenants.file === undefined ? advice : inTermsOfTenantsFile(advice);
}

/** Returns which of several keys is wrong; undefined when the code of the error says enough. */
function adviseOnKeys(error: unknown): string | undefined {
  if (!(error instanceof UpstreamUnauthorized)) return undefined;
  if (error.problem && /subscription/i.test(wordsOf(error.problem)))
    return 'Check VIPPS_SUBSCRIPTION_KEY. It must be from the same set as the other keys, and is not sent with VIPPS_TOKEN_FLOW=miami.';
  if (error.status === 403 && error.namesUnit)
    return 'The keys are valid but do not have access, or the sales unit of VIPPS_MERCHANT_SERIAL_NUMBER is not connected to you. Set VIPPS_MERCHANT_SERIAL_NUMBER_USE=never to see which.';
  if (error.route.startsWith('POST'))
    return 'Check VIPPS_CLIENT_ID and VIPPS_CLIENT_SECRET, which must be production keys from one set, and VIPPS_TOKEN_FLOW.';
  return undefined;
}

/** Replaces variables by the properties of the tenants file that hold the same keys. */
const inTermsOfTenantsFile = (advice: string): string =>
  advice
    .replaceAll('VIPPS_CLIENT_ID', 'upstream.clientId')
    .replaceAll('VIPPS_CLIENT_SECRET', 'upstream.clientSecret')
    .replaceAll('VIPPS_SUBSCRIPTION_KEY', 'upstream.subscriptionKey')
    .replaceAll('VIPPS_TOKEN_FLOW', 'upstream.tokenFlow')
    .replaceAll('VIPPS_MERCHANT_SERIAL_NUMBER_USE', 'upstream.merchantSerialNumberUse')
    .replaceAll('VIPPS_MERCHANT_SERIAL_NUMBER', 'upstream.merchantSerialNumber');
