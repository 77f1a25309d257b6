import { z } from 'zod';
import { merchantSerialNumberUses } from '../upstream/keys/merchant-serial-number.ts';
import { isMsn } from '../upstream/models/identifiers.ts';
import { authMethodNames } from './config.ts';
import { noAddresses } from './network/address-ranges.ts';
import { SandboxEnv } from './sandbox-env.ts';
import {
  addressRanges,
  headerNames,
  integer,
  listOf,
  onOff,
  origins,
  secureUrl,
  systemHeader,
  upstreamUrl,
} from './variable-kinds.ts';

// Each variable by itself: what it may be, and its default. Rules across several variables are in env-rules.ts.
// A new variable also needs a field in config.ts, a line in sections.ts, and a row in docs/configuration.md.

const http = {
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  ADMIN_PORT: integer(0, 65_535).default(4001),
  // A PNG of 1000 × 1000 pixels with 16 bits per channel that cannot be compressed has 10.2 MiB in Base64.
  MAX_BODY_BYTES: integer(1_024, 64 * 1024 * 1024).default(11 * 1024 * 1024),
  CORS_ORIGINS: origins.default([]),
  CORS_HEADERS: headerNames.default([]),
  TRUSTED_PROXIES: addressRanges.default(noAddresses),
  MAX_CONNECTIONS_PER_ADDRESS: integer(1, 10_000).default(1_000),
  WORKERS: integer(1, 64).default(1),
};

// Public keys only: with a shared secret, anyone who can verify a token can also issue one.
const jwtAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const auth = {
  AUTH: listOf(
    authMethodNames,
    `must be none, or one or several of ${authMethodNames.filter((method) => method !== 'none').join(', ')}`,
  ).optional(),
  JWT_JWKS_URL: secureUrl.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_ALGORITHMS: listOf(jwtAlgorithms, `must be one or several of ${jwtAlgorithms.join(', ')}`).default([
    'RS256',
    'ES256',
  ]),
  JWT_TENANT_CLAIM: z.string().default('tenant'),
  JWT_SCOPES_CLAIM: z.string().default('scope'),
  TENANTS_FILE: z.string().optional(),
};

const upstream = {
  MANAGEMENT_API_URL: upstreamUrl.optional(),
  VIPPS_CLIENT_ID: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without spaces')
    .optional(),
  VIPPS_MERCHANT_SERIAL_NUMBER: z.string().refine(isMsn, 'must be 4 to 10 digits').optional(),
  VIPPS_MERCHANT_SERIAL_NUMBER_USE: z
    .enum(
      merchantSerialNumberUses,
      `must be ${merchantSerialNumberUses.join(', ').replace(/, (\w+)$/, ' or $1')}`,
    )
    .default('one'),
  VIPPS_TOKEN_FLOW: z.enum(['accesstoken', 'miami'], 'must be accesstoken or miami').default('accesstoken'),
  VIPPS_SYSTEM_NAME: systemHeader.optional(),
  VIPPS_SYSTEM_VERSION: systemHeader.optional(),
  VIPPS_SYSTEM_PLUGIN_NAME: systemHeader.optional(),
  VIPPS_SYSTEM_PLUGIN_VERSION: systemHeader.optional(),
  UPSTREAM_CONCURRENCY: integer(1, 1_000).default(64),
  UPSTREAM_TIMEOUT_MS: integer(1, 600_000).default(5_000),
};

const limits = {
  REQUEST_DEADLINE_MS: integer(1, 600_000).default(15_000),
  MAX_PAGE_SIZE: integer(1, 100_000).default(1_000),
  MAX_UPSTREAM_CALLS: integer(1, 1_000_000).default(5_000),
  MAX_ROWS: integer(1, 1_000_000).default(20_000),
  MAX_ANSWER_BYTES: integer(1_024, 256 * 1024 * 1024).default(16 * 1024 * 1024),
  RATE_LIMIT_PER_MINUTE: integer(0, 1_000_000_000).optional(),
  MAX_SUBSCRIPTIONS: integer(0, 100_000).default(4_000),
  AUTH_FAILURES_PER_MINUTE: integer(0, 1_000_000).default(60),
  TRUSTED_DOCUMENTS_FILE: z.string().optional(),
  TRUSTED_DOCUMENTS: z.enum(['only', 'also'], 'must be only or also').optional(),
};

const operation = {
  CACHE: onOff.default('on'),
  CACHE_MAX_BYTES: integer(1, 2 ** 40).default(64 * 1024 * 1024),
  CACHE_MAX_STALE_SECONDS: integer(0, 30 * 86_400).default(3_600),
  DATA_DIR: z.string().optional(),
  OUTCOMES_FILE: z.string().optional(),
  DIRECTORY: onOff.default('on'),
  DIRECTORY_CALLS_PER_SECOND: integer(1, 1_000).optional(),
  DIRECTORY_MAX_AGE_SECONDS: integer(60, 30 * 86_400).default(86_400),
  DIRECTORY_LIST_SECONDS: integer(1, 86_400).default(300),
  ORDERS_POLL_SECONDS: integer(1, 86_400).default(60),
  CHANGES_KEEP_DAYS: integer(1, 3_650).default(30),
  WEBHOOKS_FILE: z.string().optional(),
  WEBHOOKS_ALLOWED_NETWORKS: addressRanges.default(noAddresses),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  METRICS: onOff.default('on'),
  HOT_PATH: onOff.default('on'),
  GRAPHIQL: onOff.optional(),
  SUBGRAPH: onOff.default('off'),
  NODE_ENV: z.string().optional(),
  REDIS_URL: z.undefined('is not supported by this version: leave it out and run one replica').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
};

/** Every variable of the gateway that is not a secret. */
export const Env = z.object({ ...http, ...auth, ...upstream, ...limits, ...operation, ...SandboxEnv.shape });
export type Env = z.infer<typeof Env>;

/** The variables that hold a secret. Each may also be given as `…_FILE`. */
export const secretNames = [
  'VIPPS_CLIENT_SECRET',
  'VIPPS_SUBSCRIPTION_KEY',
  'VIPPS_SUBSCRIPTION_KEY_SECONDARY',
  'SUBGRAPH_SECRET',
] as const;

/** Every variable that is read. */
export const variableNames: readonly string[] = [...Object.keys(Env.shape), ...secretNames];

/** Returns the variables that have a value: an empty one counts as absent. */
export const withoutEmpty = (env: NodeJS.ProcessEnv): Record<string, unknown> =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
