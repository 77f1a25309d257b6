import type { Caller } from '../world/caller.ts';

/** Keys of the standard token flow; both subscription keys are good at any time, so that they can be rotated. */
export interface SandboxKeys {
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  subscriptionKeySecondary: string;
}

/** Keys of the 15-minute token flow, which takes no subscription key. */
export type ManagementKeys = Pick<SandboxKeys, 'clientId' | 'clientSecret'>;

/** Everybody who has keys to the sandbox. */
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

/** One set of keys. Two of them may stand for the same caller: a partner has keys of both token flows. */
export interface Tenant {
  readonly name: TenantName;
  readonly flow: TokenFlow;
  readonly keys: ManagementKeys | SandboxKeys;
  readonly caller: Caller;
}

/** What can be revoked: the client is its id and secret together. */
export type KeyName = 'client' | 'subscriptionKey' | 'subscriptionKeySecondary';

/** Finds callers by what they send. Who has sent a revoked key is not found, as if the key had never been good. */
export interface CallerDirectory {
  readonly keys: SandboxCallers;
  readonly tenants: readonly Tenant[];
  byClient(flow: TokenFlow, clientId: string, clientSecret: string): Tenant | undefined;
  bySubscriptionKey(key: string): Tenant | undefined;
  /** Who means to call, whether or not the keys are complete and good. */
  byAnyKey(clientId: string | undefined, subscriptionKey?: string): Tenant | undefined;
  /** Revokes one key, or all of the tenant's. */
  revoke(tenant: TenantName, key?: KeyName): void;
  /** Makes one key good again, all of the tenant's, or all there are. */
  restore(tenant?: TenantName, key?: KeyName): void;
  revokedOf(tenant: TenantName): KeyName[];
}
