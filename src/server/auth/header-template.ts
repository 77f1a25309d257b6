import type { AuthMethodName } from '../../config/config.ts';

/** The headers that a person fills in to be let in, by the first way that is open; undefined where everybody is. */
export function headerTemplate(
  auth: readonly AuthMethodName[],
): Readonly<Record<string, string>> | undefined {
  if (auth.includes('api-key')) return { Authorization: 'Bearer mg_' };
  if (auth.includes('jwt')) return { Authorization: 'Bearer ' };
  if (!auth.includes('vipps-keys')) return undefined;
  return { 'Vipps-Client-Id': '', 'Vipps-Client-Secret': '', 'Ocp-Apim-Subscription-Key': '' };
}
