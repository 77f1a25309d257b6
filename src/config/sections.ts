import { join } from 'node:path';
import type { Secret } from '../upstream/keys/secret.ts';
import type {
  AuthConfig,
  Config,
  DirectoryConfig,
  GraphiqlConfig,
  HttpConfig,
  LimitsConfig,
  NotificationsConfig,
  UpstreamConfig,
} from './config.ts';
import type { Env } from './env.ts';
import { isLoopback } from './network/loopback.ts';
import type { NotificationTarget } from './notifications/targets.ts';
import type { PackageInfo } from './package-info.ts';
import { toSandboxConfig } from './sandbox-config.ts';
import type { TenantEntry } from './tenants/tenant-entry.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** About a thousand upstream calls per second and tenant: far above normal use, far below a flood. */
const DEFAULT_RATE_LIMIT = 60_000;

/** What the files that the variables name contain. */
export interface FileContents {
  readonly entries: readonly TenantEntry[];
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly targets: readonly NotificationTarget[];
  readonly subgraphSecret: Secret | undefined;
  /** Warnings about variables that have no effect. */
  readonly unknown: readonly string[];
}

/** Returns the sections of the configuration. */
export function toConfig(
  env: Env,
  packageInfo: PackageInfo,
  { entries, trustedDocuments, targets, subgraphSecret, unknown }: FileContents,
): Config {
  return Object.freeze({
    http: Object.freeze(toHttp(env)),
    auth: Object.freeze(toAuth(env)),
    tenants: Object.freeze({ entries, file: env.TENANTS_FILE }),
    workers: env.WORKERS,
    limits: Object.freeze(toLimits(env, trustedDocuments)),
    cache: Object.freeze({
      maxBytes: env.CACHE === 'off' ? 0 : env.CACHE_MAX_BYTES,
      maxStaleMs: env.CACHE_MAX_STALE_SECONDS * 1_000,
    }),
    upstream: Object.freeze(toUpstream(env, packageInfo)),
    store: Object.freeze({ outcomesFile: env.OUTCOMES_FILE, dataFolder: dataFolderOf(env) }),
    directory: env.DIRECTORY === 'on' ? Object.freeze(toDirectory(env)) : undefined,
    notifications: Object.freeze(toNotifications(env, targets)),
    log: Object.freeze({ level: env.LOG_LEVEL }),
    traces: Object.freeze({ endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT }),
    metrics: Object.freeze({ enabled: env.METRICS === 'on' }),
    graphiql: Object.freeze(toGraphiql(env)),
    subgraph: env.SUBGRAPH === 'on' ? Object.freeze({ secret: subgraphSecret }) : undefined,
    sandbox: Object.freeze(toSandboxConfig(env)),
    production: env.NODE_ENV === 'production',
    warnings: Object.freeze([...unknown, ...warningsFor(env)]),
  });
}

const toHttp = (env: Env): HttpConfig => ({
  host: env.HOST,
  port: env.PORT,
  adminPort: env.ADMIN_PORT,
  maxBodyBytes: env.MAX_BODY_BYTES,
  corsHeaders: env.CORS_HEADERS,
  corsOrigins: env.CORS_ORIGINS,
  trustedProxies: env.TRUSTED_PROXIES,
  maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
  hotPath: env.HOT_PATH === 'on',
});

const toAuth = (env: Env): AuthConfig => ({
  methods: env.AUTH ?? ['none'],
  jwt:
    env.AUTH?.includes('jwt') && env.JWT_JWKS_URL && env.JWT_ISSUER && env.JWT_AUDIENCE
      ? {
          jwksUrl: env.JWT_JWKS_URL,
          issuer: env.JWT_ISSUER,
          audience: env.JWT_AUDIENCE,
          algorithms: env.JWT_ALGORITHMS,
          tenantClaim: env.JWT_TENANT_CLAIM,
          scopesClaim: env.JWT_SCOPES_CLAIM,
        }
      : undefined,
});

function toLimits(env: Env, trustedDocuments: TrustedDocuments | undefined): LimitsConfig {
  // Without authentication only this machine can send requests, so there is nobody to protect from the others.
  const isOpen = env.AUTH === undefined || env.AUTH.includes('none');
  return {
    requestDeadlineMs: env.REQUEST_DEADLINE_MS,
    maxPageSize: env.MAX_PAGE_SIZE,
    maxUpstreamCalls: env.MAX_UPSTREAM_CALLS,
    maxRows: env.MAX_ROWS,
    maxAnswerBytes: env.MAX_ANSWER_BYTES,
    rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE ?? (isOpen ? 0 : DEFAULT_RATE_LIMIT),
    authFailuresPerMinute: env.AUTH_FAILURES_PER_MINUTE,
    maxSubscriptions: env.MAX_SUBSCRIPTIONS,
    trustedDocuments,
  };
}

const toUpstream = (env: Env, packageInfo: PackageInfo): UpstreamConfig => ({
  url: env.MANAGEMENT_API_URL && new URL(env.MANAGEMENT_API_URL).origin,
  systemHeaders: {
    'vipps-system-name': env.VIPPS_SYSTEM_NAME ?? packageInfo.name,
    'vipps-system-version': env.VIPPS_SYSTEM_VERSION ?? packageInfo.version,
    'vipps-system-plugin-name': env.VIPPS_SYSTEM_PLUGIN_NAME ?? packageInfo.name,
    'vipps-system-plugin-version': env.VIPPS_SYSTEM_PLUGIN_VERSION ?? packageInfo.version,
  },
  merchantSerialNumberUse: env.VIPPS_MERCHANT_SERIAL_NUMBER_USE,
  concurrency: env.UPSTREAM_CONCURRENCY,
  timeoutMs: env.UPSTREAM_TIMEOUT_MS,
});

const DEFAULT_CALLS_PER_SECOND = 10;
const DAY_MS = 86_400_000;

/** The sandbox loses its data when the process ends, so nothing about it is kept unless a folder is named. */
const dataFolderOf = (env: Env): string | undefined =>
  env.DATA_DIR ?? (env.MANAGEMENT_API_URL ? '.management-graphql' : undefined);

function toDirectory(env: Env): DirectoryConfig {
  const dataFolder = dataFolderOf(env);
  const callsPerSecond = env.MANAGEMENT_API_URL ? DEFAULT_CALLS_PER_SECOND : Number.POSITIVE_INFINITY;
  return {
    folder: dataFolder && join(dataFolder, 'directory'),
    callsPerSecond: env.DIRECTORY_CALLS_PER_SECOND ?? callsPerSecond,
    maxAgeMs: env.DIRECTORY_MAX_AGE_SECONDS * 1_000,
    listMs: env.DIRECTORY_LIST_SECONDS * 1_000,
    ordersMs: env.ORDERS_POLL_SECONDS * 1_000,
    changesKeepMs: env.CHANGES_KEEP_DAYS * DAY_MS,
    answersReads: env.CACHE === 'on',
  };
}

function toNotifications(env: Env, targets: readonly NotificationTarget[]): NotificationsConfig {
  const dataFolder = dataFolderOf(env);
  return {
    targets,
    allowedNetworks: env.WEBHOOKS_ALLOWED_NETWORKS,
    folder: dataFolder && join(dataFolder, 'notifications'),
  };
}

function toGraphiql(env: Env): GraphiqlConfig {
  const isWanted = env.GRAPHIQL ? env.GRAPHIQL === 'on' : isLoopback(env.HOST);
  return { enabled: env.NODE_ENV !== 'production' && isWanted };
}

function warningsFor(env: Env): string[] {
  const warnings = [];
  if (!env.MANAGEMENT_API_URL && !isLoopback(env.SANDBOX_HOST))
    warnings.push('SANDBOX_HOST: anyone who can reach the sandbox can read its keys and control it');
  return warnings;
}
