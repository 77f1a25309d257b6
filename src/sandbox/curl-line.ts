import type { SandboxKeys } from './callers.ts';

/** A line for a shell that gets a token and lists the sales units with it. */
export function curlLine(url: string, { clientId, clientSecret, subscriptionKey }: SandboxKeys): string {
  const key = `-H 'Ocp-Apim-Subscription-Key: ${subscriptionKey}'`;
  const token = [
    `curl -s -X POST ${url}/accesstoken/get`,
    `-H 'client_id: ${clientId}' -H 'client_secret: ${clientSecret}' ${key}`,
    `| sed -E 's/.*"access_token":"([^"]+)".*/\\1/'`,
  ].join(' ');
  return `curl -s ${url}/management/v1/sales-units ${key} -H "Authorization: Bearer $(${token})"`;
}
