import type { Credentials } from '../../upstream/keys/credentials.ts';
import type { NotificationTarget } from '../notifications/targets.ts';
import type { Audience, Scope } from '../scopes.ts';

/** A caller's key, by which the gateway finds its tenant and rights. */
export interface TenantKeyEntry {
  readonly sha256: string;
  readonly name: string | undefined;
  readonly scopes: readonly Scope[];
  readonly audience: Audience;
}

/** A tenant, with its secrets read. */
export interface TenantEntry {
  readonly id: string;
  readonly credentials: Credentials;
  readonly keys: readonly TenantKeyEntry[];
  readonly limits: {
    readonly pointsPerMinute?: number | undefined;
    readonly maxUpstreamCalls?: number | undefined;
    readonly concurrency?: number | undefined;
  };
  /** Where its change notifications are sent. */
  readonly targets: readonly NotificationTarget[];
  /** The upstream part of the entry as text. It differs when a later reading of the file changes that part. */
  readonly upstreamText: string;
}
