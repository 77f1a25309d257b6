import { isOwnAddress } from './http/listen-address.ts';
import { curlCommand, managementCurlCommand } from './keys/curl-command.ts';
import type { Sandbox } from './server.ts';

/** Returns the text that a terminal shows at the start: address, keys and a command to try. */
export function describeSandbox({ url, address, keys, callers }: Sandbox): string {
  return [
    `Sandbox of the Vipps MobilePay Management API: ${url}`,
    ...(isOwnAddress(address)
      ? []
      : [`It listens on ${address}: anyone who can reach that address can read its keys and control it.`]),
    '',
    'SANDBOX KEYS. They work with this sandbox only. The same seed gives the same keys.',
    ...describeKeys('Partner (standard token flow, sees nearly all sales units)', keys),
    ...describeKeys(
      'Partner, management keys (POST /miami/v1/token, no subscription key)',
      callers.management,
    ),
    ...describeKeys('Another partner (sees a handful of sales units)', callers.otherPartner),
    ...describeKeys('One merchant (sees its own sales units)', callers.merchant),
    ...describeKeys('Another merchant (shares no sales unit with the first)', callers.otherMerchant),
    '',
    'To point a client at it:',
    '',
    `export MANAGEMENT_API_URL='${url}'`,
    `export VIPPS_CLIENT_ID='${keys.clientId}'`,
    `export VIPPS_CLIENT_SECRET='${keys.clientSecret}'`,
    `export VIPPS_SUBSCRIPTION_KEY='${keys.subscriptionKey}'`,
    `export VIPPS_SUBSCRIPTION_KEY_SECONDARY='${keys.subscriptionKeySecondary}'`,
    `export VIPPS_TOKEN_FLOW='accesstoken'`,
    `export AUTH='none'`,
    '',
    'To list the sales units by hand:',
    '',
    curlCommand(url, keys),
    '',
    'With the management keys:',
    '',
    managementCurlCommand(url, callers.management),
    '',
    `In a browser: ${url}/_sandbox`,
    `Statistics so far: ${url}/_sandbox/stats`,
    '',
  ].join('\n');
}

function describeKeys(title: string, keys: object): string[] {
  return ['', `  ${title}`, ...Object.entries(keys).map(([name, value]) => `    ${name.padEnd(25)}${value}`)];
}
