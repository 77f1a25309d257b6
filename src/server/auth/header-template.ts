import type { AuthMethodName } from '../../config/config.ts';

/** Returns the headers for the first configured authentication method, for people to fill in; undefined without one. */
export function headerTemplate(
  auth: readonly AuthMethodName[],
): Readonly<Record<string, string>> | undefined {
  if (auth.includes('api-key')) return { Authorization: 'Bearer mg_' };
  if (auth.includes('jwt')) return { Authorization: 'Bearer ' };
  if (!auth.includes('vipps-keys')) return undefined;
  return { 'Vipps-Client-Id': '', 'Vipps-Client-Secret': '', 'Ocp-Apim-Subscription-Key': '' };
}
