import type { Caller } from '../world/caller.ts';

/** Keys of the standard token flow; both subscription keys are valid at any time, so that they can be rotated. */
export interface SandboxKeys {
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  subscriptionKeySecondary: string;
}

/** Keys of the 15-minute token flow, which takes no subscription key. */
export type ManagementKeys = Pick<SandboxKeys, 'clientId' | 'clientSecret'>;

/** All callers that have keys to the sandbox. */
export interface SandboxCallers {
  /** Sees every active unit but a handful. */
  partner: SandboxKeys;
  /** Management keys of the same partner. */
  management: ManagementKeys;
  /** Sees only the few units and orders of its own. */
  otherPartner: SandboxKeys;
  /** The first merchant: sees all of its own active units, whichever partner they are connected to. */
  merchant: SandboxKeys;
  /** A merchant of the other partner: shares no unit with the first merchant or with the main partner. */
  otherMerchant: SandboxKeys;
}

export type TenantName = keyof SandboxCallers;
export type TokenFlow = 'accesstoken' | 'miami';

/** One set of keys. Two sets may belong to the same caller: a partner has keys of both token flows. */
export interface Tenant {
  readonly name: TenantName;
  readonly flow: TokenFlow;
  readonly keys: ManagementKeys | SandboxKeys;
  readonly caller: Caller;
}

/** What can be revoked: the client is its id and secret together. */
export type KeyName = 'client' | 'subscriptionKey' | 'subscriptionKeySecondary';

/** Finds callers by the keys they send. A revoked key finds nobody, like an unknown key. */
export interface CallerDirectory {
  readonly keys: SandboxCallers;
  readonly tenants: readonly Tenant[];
  byClient(flow: TokenFlow, clientId: string, clientSecret: string): Tenant | undefined;
  bySubscriptionKey(key: string): Tenant | undefined;
  /** Returns the tenant that these keys belong to, even if they are incomplete or revoked. */
  byAnyKey(clientId: string | undefined, subscriptionKey?: string): Tenant | undefined;
  /** Revokes one key, or all of the tenant's. */
  revoke(tenant: TenantName, key?: KeyName): void;
  /** Restores one key, all of the tenant's, or all keys. */
  restore(tenant?: TenantName, key?: KeyName): void;
  revokedOf(tenant: TenantName): KeyName[];
}
