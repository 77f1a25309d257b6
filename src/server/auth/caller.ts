import type { Audience, Scope } from '../../config/scopes.ts';
import type { Directory } from '../../directory/directory.ts';
import type { UpstreamClient } from '../../upstream/client.ts';

/** An authenticated caller. */
export interface Caller {
  /** Identifies the caller in rate limits and logs. Contains no secret. */
  readonly id: string;
  readonly tenantId: string;
  /** Read it only when an operation is about to run: for callers with their own keys, that creates the client. */
  readonly client: UpstreamClient;
  /** The directory of the tenant; undefined without one, as for callers with their own keys. */
  readonly directory?: Directory | undefined;
  readonly scopes: ReadonlySet<Scope>;
  readonly audience: Audience;
  /** The keys are the caller's own. Only the upstream knows whether they are valid. */
  readonly verifiedByUpstream?: boolean;
  /** Returns whether the credentials are still valid. Absent if they cannot be revoked. */
  readonly isStillValid?: () => boolean;
  /** Returns whether the same credentials would still lead to the same client and directory. Absent if they always do. */
  readonly isCurrent?: () => boolean;
  readonly limits: {
    readonly pointsPerMinute?: number | undefined;
    readonly maxUpstreamCalls?: number | undefined;
  };
}

/** The parts of a request that authenticate its caller. */
export interface Credentials {
  /** The value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  /** The address of the client. */
  readonly address?: string;
}

/**
 * An authentication method. Returns undefined if the request does not use it. Throws `Unauthenticated` if it fails.
 */
export type AuthMethod = (credentials: Credentials) => Promise<Caller> | Caller | undefined;
