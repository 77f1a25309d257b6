import type { Audience, Scope } from '../../config/scopes.ts';
import type { UpstreamClient } from '../../upstream/client.ts';

/** Who asks, proved before the body of the request is read. */
export interface Caller {
  /** Tells callers apart in rate limits and logs. Holds no secret. */
  readonly id: string;
  readonly tenantId: string;
  /** Read it when an operation is about to run: for a caller with keys of its own that makes the tenant. */
  readonly client: UpstreamClient;
  readonly scopes: ReadonlySet<Scope>;
  readonly audience: Audience;
  /** The keys are the caller's own: whether they are good only the upstream knows. */
  readonly verifiedByUpstream?: boolean;
  /** Whether what proved the caller is still good now; left out when nothing can take it back. */
  readonly isStillValid?: () => boolean;
  readonly limits: {
    readonly pointsPerMinute?: number | undefined;
    readonly maxUpstreamCalls?: number | undefined;
  };
}

/** The parts of a request that prove who asks. */
export interface Credentials {
  /** The value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  /** Where the connection comes from. */
  readonly address?: string;
}

/**
 * One way to prove who asks. Undefined when the request does not try it; throws {@link Unauthenticated} when it does
 * and fails.
 */
export type AuthMethod = (credentials: Credentials) => Promise<Caller> | Caller | undefined;
