import type { Policy } from '../sandbox/policy/policy.ts';
import type { MerchantSerialNumberUse } from '../upstream/keys/merchant-serial-number.ts';
import type { Secret } from '../upstream/keys/secret.ts';
import type { AddressRanges } from './network/address-ranges.ts';
import type { NotificationTarget } from './notifications/targets.ts';
import type { TenantEntry } from './tenants/tenant-entry.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** The configuration of the process, in sections that are passed on whole. Frozen; read once. */
export interface Config {
  readonly http: HttpConfig;
  readonly auth: AuthConfig;
  readonly tenants: TenantsConfig;
  /** How many processes accept requests. 1: this one does. */
  readonly workers: number;
  readonly limits: LimitsConfig;
  readonly cache: CacheConfig;
  readonly upstream: UpstreamConfig;
  readonly store: StoreConfig;
  /** Undefined when it is switched off. */
  readonly directory: DirectoryConfig | undefined;
  readonly notifications: NotificationsConfig;
  readonly log: LogConfig;
  readonly metrics: MetricsConfig;
  readonly traces: TracesConfig;
  readonly graphiql: GraphiqlConfig;
  /** Undefined when it is switched off. */
  readonly subgraph: SubgraphConfig | undefined;
  readonly sandbox: SandboxConfig;
  /** Whether `NODE_ENV` is `production`: no sandbox, no GraphiQL, and no operations in URLs. */
  readonly production: boolean;
  /** Variables that have no effect, or that expose more than usual. */
  readonly warnings: readonly string[];
}

/** The two listeners, and what they accept. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly adminPort: number;
  readonly maxBodyBytes: number;
  /** Origins of web pages that may send requests. */
  readonly corsOrigins: readonly string[];
  /** Request headers that these pages may send, besides those that the gateway knows. */
  readonly corsHeaders: readonly string[];
  /** Proxies whose `Forwarded` or `X-Forwarded-For` is trusted. */
  readonly trustedProxies: AddressRanges;
  readonly maxConnectionsPerAddress: number;
  /** Whether plain requests take the hot path. */
  readonly hotPath: boolean;
}

export const authMethodNames = ['none', 'api-key', 'jwt', 'vipps-keys'] as const;
export type AuthMethodName = (typeof authMethodNames)[number];

/** How callers authenticate. */
export interface AuthConfig {
  /** `none` excludes all others and admits every request. */
  readonly methods: readonly AuthMethodName[];
  /** Set when `methods` includes `jwt`. */
  readonly jwt: JwtOptions | undefined;
}

/** How a caller's token is verified. */
export interface JwtOptions {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Asymmetric only: with a shared secret, every verifier could issue tokens. */
  readonly algorithms: readonly string[];
  readonly tenantClaim: string;
  readonly scopesClaim: string;
}

/** The tenants at the start. Empty on the sandbox, and when callers send their own keys. */
export interface TenantsConfig {
  readonly entries: readonly TenantEntry[];
  /** The file that the entries came from, which is read again when it changes. */
  readonly file: string | undefined;
}

/** What one operation, one tenant and one address may use. */
export interface LimitsConfig {
  readonly requestDeadlineMs: number;
  readonly maxPageSize: number;
  readonly maxUpstreamCalls: number;
  /** Rows that one operation may read or return. */
  readonly maxRows: number;
  readonly maxAnswerBytes: number;
  /** Points per tenant and minute; 0 means no limit. */
  readonly rateLimitPerMinute: number;
  /** Open subscriptions per tenant; one caller may have half of them. */
  readonly maxSubscriptions: number;
  /** Failed authentications per address and minute; 0 means no limit. */
  readonly authFailuresPerMinute: number;
  readonly trustedDocuments: TrustedDocuments | undefined;
}

export interface CacheConfig {
  /** 0 when the cache is off. */
  readonly maxBytes: number;
  /** How long after its fresh time an answer may stand in for a failing upstream. */
  readonly maxStaleMs: number;
}

/** The Management API and how it is called. */
export interface UpstreamConfig {
  /** Undefined for the embedded sandbox. */
  readonly url: string | undefined;
  /** The four Vipps-System headers, in lower case. */
  readonly systemHeaders: Readonly<Record<string, string>>;
  readonly merchantSerialNumberUse: MerchantSerialNumberUse;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

/** The local copy of what each configured tenant can see. */
export interface DirectoryConfig {
  /** Undefined to keep it in memory. */
  readonly folder: string | undefined;
  /** Background calls at most, per tenant; `Infinity` for the embedded sandbox. */
  readonly callsPerSecond: number;
  readonly maxAgeMs: number;
  /** How often the list of units is read. */
  readonly listMs: number;
  /** How often the list of product orders is read. */
  readonly ordersMs: number;
  /** For how long changes are kept. */
  readonly changesKeepMs: number;
  /** Whether it answers reads of single objects too, or only searches. */
  readonly answersReads: boolean;
}

/** Where change notifications are sent. */
export interface NotificationsConfig {
  /** Of the only tenant; those of several tenants are in their entries. */
  readonly targets: readonly NotificationTarget[];
  /** Addresses that targets may have besides public ones. */
  readonly allowedNetworks: AddressRanges;
  /** Where the cursors of the targets are kept; undefined to keep them in memory. */
  readonly folder: string | undefined;
}

export interface StoreConfig {
  /** Where everything is kept that must survive a restart; undefined to keep it in memory. */
  readonly dataFolder: string | undefined;
  /** Undefined when the variable is not set: the command then chooses. */
  readonly outcomesFile: string | undefined;
}

export interface LogConfig {
  readonly level: string;
}

export interface TracesConfig {
  /** Read by the OpenTelemetry SDK. */
  readonly endpoint: string | undefined;
}

export interface MetricsConfig {
  readonly enabled: boolean;
}

export interface GraphiqlConfig {
  /** The page needs no key. */
  readonly enabled: boolean;
}

/** The endpoint for routers of a supergraph. */
export interface SubgraphConfig {
  /** What a router sends to be recognized; undefined if only keys with the audience `router` are accepted. */
  readonly secret: Secret | undefined;
}

/** The sandbox, alone or embedded. */
export interface SandboxConfig {
  readonly units: number;
  readonly latencyMs: number;
  /** Undefined for the lifetimes of production. */
  readonly tokenLifetimeSeconds?: number;
  readonly seed: number;
  readonly port: number;
  /** The variable or flag that set the port, for error messages. */
  readonly portName: string;
  readonly host: string;
  /** The variable or flag that set the host, for error messages. */
  readonly hostName: string;
  readonly policy: Partial<Policy>;
}
