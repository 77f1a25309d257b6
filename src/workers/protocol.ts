import type {
  AuthConfig,
  CacheConfig,
  HttpConfig,
  LimitsConfig,
  LogConfig,
  MetricsConfig,
} from '../config/config.ts';
import type { TenantEntry } from '../config/tenants/tenant-entry.ts';
import type { StoredChanges } from '../directory/changes/change.ts';
import type { DirectoryStatus } from '../directory/directory.ts';
import type { RoomOwner } from '../server/subscriptions/open-subscriptions.ts';
import type { ReadMethod } from '../upstream/endpoint.ts';
import type { KeyState } from '../upstream/keys/key-proof.ts';
import type { TenantKey } from '../upstream/keys/tenant-key.ts';
import type { EndpointCalls } from '../upstream/models/endpoint-calls.ts';
import type { Freshness } from '../upstream/reads/freshness.ts';

/** A tenant as a worker needs it: without its keys at the upstream. */
export interface WireTenant extends Pick<TenantEntry, 'id' | 'keys' | 'limits'> {
  /** Another one when the client in the primary is another one. */
  readonly key: TenantKey;
}

/** The keys that a caller brought along. */
export interface WireCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey: string | undefined;
  readonly merchantSerialNumber: string | undefined;
}

/** Which client in the primary makes the calls of an operation. */
export type ClientRef =
  | { readonly tenant: string; readonly key: TenantKey }
  | { readonly own: WireCredentials; readonly network: string };

/** What a worker is started with. */
export interface Hello {
  /** Its number in the log, from 1. */
  readonly worker: number;
  readonly origin: string;
  readonly isSandbox: boolean;
  readonly exampleMsn: string | undefined;
  readonly processKey: string;
  readonly tenants: readonly WireTenant[];
  readonly subgraphSecret: string | undefined;
  readonly config: WireConfig;
}

/** The configuration without what only the primary uses. */
export interface WireConfig {
  readonly http: Omit<HttpConfig, 'trustedProxies'> & { readonly trustedProxies: string };
  readonly auth: AuthConfig;
  readonly limits: LimitsConfig;
  readonly cache: CacheConfig;
  readonly graphiql: { readonly enabled: boolean };
  readonly log: LogConfig;
  readonly metrics: MetricsConfig;
  readonly production: boolean;
  readonly concurrency: number;
  readonly hasSubgraph: boolean;
  /** Undefined without directories. */
  readonly directory: { readonly answersReads: boolean } | undefined;
}

export type WriteMethod =
  | 'prefillProductOrder'
  | 'deleteProductOrder'
  | 'productOrderOfKey'
  | 'productOrdersMadeAt';

/** The answer to a call, with what it changes in the operation. Times are relative, since clocks of processes differ. */
export interface CallResult {
  readonly value?: unknown;
  readonly error?: Error | undefined;
  /** Answers from the cache, or shared with a call that was under way. */
  readonly cached: number;
  /** How long ago the answer was read, and for how long it is fresh: `-Infinity` for one that changes at any time. */
  readonly ageMs: number | undefined;
  readonly freshMs: number | undefined;
  readonly textBytes: number | undefined;
  readonly keyState: KeyState;
}

/** Points of one owner that an operation needs. */
export interface PointsNeeded {
  readonly key: string;
  readonly most: number;
  readonly points: number;
}

export interface PointsGranted {
  /** Points of each owner in the order of the request, at least those that are needed; undefined if one has too few. */
  readonly granted: readonly number[] | undefined;
  /** The place of the owner that has too few. */
  readonly short: number;
  /** Whether running operations have reserved what would be enough. */
  readonly mayFit: boolean;
  /** Of each owner: what is left in the primary, which minute it is, and how long that lasts. */
  readonly minutes: readonly { readonly left: number; readonly minute: number; readonly ms: number }[];
}

export interface PointsReturned {
  readonly points: number;
  readonly minute: number;
  /** What running operations have reserved. */
  readonly reserved: number;
}

export type DirectoryMethod =
  | 'units'
  | 'merchants'
  | 'facets'
  | 'changes'
  | 'countChanges'
  | 'productOrderTimes'
  | 'status';

type Ask<Body, Result> = { readonly body: Body; readonly result: Result };

/** Requests by their kind: those of a worker, then those of the primary. */
export interface Requests {
  call: Ask<
    {
      readonly call: number;
      readonly operation: number;
      readonly method: ReadMethod | WriteMethod;
      readonly args: readonly unknown[];
    },
    CallResult
  >;
  callsOfLast: Ask<{ readonly client: ClientRef; readonly minutes: number }, readonly EndpointCalls[]>;
  points: Ask<readonly PointsNeeded[], PointsGranted>;
  directory: Ask<
    { readonly tenant: string; readonly method: DirectoryMethod; readonly args: readonly unknown[] },
    { readonly value: unknown }
  >;
  /** Answered at once. */
  ping: Ask<undefined, undefined>;
  /** Counts a failed authentication of a network. */
  authFailure: Ask<string, { readonly failures: number; readonly msLeft: number }>;
  /** Whether each owner may have one more subscription, which it then has. */
  openSubscription: Ask<readonly RoomOwner[], boolean>;

  start: Ask<Hello, { readonly port: number }>;
  /** Answered when no request is answered by what was dropped. */
  drop: Ask<readonly Dropped[], undefined>;
  tenants: Ask<readonly WireTenant[], undefined>;
  returnPoints: Ask<readonly string[], readonly PointsReturned[]>;
  metrics: Ask<undefined, { readonly value: unknown }>;
  stop: Ask<undefined, undefined>;
}

export interface Dropped {
  readonly key: TenantKey;
  readonly path: string;
  readonly isPrefix: boolean;
}

/** Notices by their kind: those of a worker, then those of the primary. */
export interface Notices {
  begin: {
    readonly operation: number;
    readonly client: ClientRef;
    readonly requestId: string;
    readonly deadlineMs: number;
    readonly freshness: Freshness | undefined;
    readonly traceparent: string | undefined;
  };
  cancel: { readonly operation: number; readonly reason: Error };
  end: number;
  /** Points that were spent beyond what was granted. */
  spent: readonly { readonly key: string; readonly points: number }[];
  /** Points that are not needed any more, of one minute. */
  givenBack: readonly { readonly key: string; readonly points: number; readonly minute: number }[];
  /** The owners of a subscription that has ended. */
  subscriptionEnded: readonly string[];

  sent: number;
  changes: { readonly tenant: string; readonly stored: StoredChanges };
  directoryStatus: { readonly tenant: string; readonly status: DirectoryStatus };
  subgraphSecret: string;

  authFailureUndone: string;
  /** In both directions: the primary passes it on to the others. */
  verified: { readonly owner: string; readonly isVerified: boolean };
}
