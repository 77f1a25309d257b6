import { isOwnAddress } from './http/listen-address.ts';
import { curlCommand, managementCurlCommand } from './keys/curl-command.ts';
import type { Sandbox } from './server.ts';

/** The text for a terminal: where the sandbox is, which keys open it, and a line to try it with. */
export function describeSandbox({ url, address, keys, callers }: Sandbox): string {
  return [
    `Sandbox of the Vipps MobilePay Management API: ${url}`,
    ...(isOwnAddress(address)
      ? []
      : [`It listens on ${address}: whoever reaches it there can read its keys and steer it.`]),
    '',
    'SANDBOX KEYS. They open nothing but this sandbox, and are the same for the same seed.',
    ...describeKeys('Partner (standard token flow, sees nearly everything)', keys),
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
    `What it was asked so far: ${url}/_sandbox/stats`,
    '',
  ].join('\n');
}

function describeKeys(title: string, keys: object): string[] {
  return ['', `  ${title}`, ...Object.entries(keys).map(([name, value]) => `    ${name.padEnd(25)}${value}`)];
}
