import type { AuthMethodName } from '../../config/config.ts';

/** Headers of an authentication method, for people to fill in. */
export interface HeaderSet {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

const sets: Readonly<Record<Exclude<AuthMethodName, 'none'>, HeaderSet>> = {
  'api-key': { name: 'Gateway key', headers: { Authorization: 'Bearer mg_' } },
  jwt: { name: 'Access token', headers: { Authorization: 'Bearer ' } },
  'vipps-keys': {
    name: 'Vipps MobilePay keys',
    headers: { 'Vipps-Client-Id': '', 'Vipps-Client-Secret': '', 'Ocp-Apim-Subscription-Key': '' },
  },
};

/** Returns the headers of each configured authentication method, in one order whatever the order of the configuration. */
export const headerSets = (methods: readonly AuthMethodName[]): HeaderSet[] =>
  Object.entries(sets)
    .filter(([method]) => methods.some((one) => one === method))
    .map(([, set]) => set);
