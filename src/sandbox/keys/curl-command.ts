import type { ManagementKeys, SandboxKeys } from './callers.ts';

/** A line for a shell that gets a token and lists the sales units with it. */
export function curlCommand(url: string, { clientId, clientSecret, subscriptionKey }: SandboxKeys): string {
  const key = `-H 'Ocp-Apim-Subscription-Key: ${subscriptionKey}'`;
  const headers = `-H 'client_id: ${clientId}' -H 'client_secret: ${clientSecret}' ${key}`;
  return listUnits(url, `curl -s -X POST ${url}/accesstoken/get ${headers}`, key);
}

/** The same with management keys, which have another token route and no subscription key. */
export function managementCurlCommand(url: string, { clientId, clientSecret }: ManagementKeys): string {
  const credentials = `-u '${clientId}:${clientSecret}' -d grant_type=client_credentials`;
  return listUnits(url, `curl -s -X POST ${url}/miami/v1/token ${credentials}`);
}

function listUnits(url: string, getToken: string, ...headers: string[]): string {
  const token = `${getToken} | sed -E 's/.*"access_token":"([^"]+)".*/\\1/'`;
  const list = `curl -s ${url}/management/v1/sales-units`;
  return [list, ...headers, `-H "Authorization: Bearer $(${token})"`].join(' ');
}
