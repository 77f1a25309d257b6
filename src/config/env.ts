import { isIP } from 'node:net';
import { z } from 'zod';
import type { Policy } from '../sandbox/policy/policy.ts';
import { parsePolicy } from '../sandbox/policy/policy-text.ts';
import type { Secret } from '../upstream/keys/secret.ts';
import { isMsn } from '../upstream/models/identifiers.ts';
import { noAddresses, parseAddressRanges } from './address-ranges.ts';
import { authMethods } from './config.ts';
import { isLoopback } from './loopback.ts';

const integer = (min: number, max: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)
    .default(otherwise);

// Longer values are refused by the upstream, and anything but visible ASCII has no place in a header.
const systemHeader = z
  .string()
  .regex(/^[\x21-\x7e]([\x20-\x7e]{0,28}[\x21-\x7e])?$/, 'must be 1 to 30 visible ASCII characters')
  .optional();

const origin = z
  .string()
  .refine(isOrigin, 'must be origins such as https://admin.example.com, separated by commas');

const addressRanges = z
  .string()
  .transform(parseAddressRanges)
  .refine(
    (ranges) => ranges !== undefined,
    'must be IP addresses or ranges such as 10.0.0.0/8 or 2001:db8::/32, separated by commas, and not every address',
  )
  .transform((ranges) => ranges ?? noAddresses);

/** Settings of the sandbox's policy, `name=value` each; every mistake becomes an issue. */
export function readPolicies(settings: readonly string[], context: z.RefinementCtx): Partial<Policy> {
  const { policy, mistakes } = parsePolicy(settings);
  if (policy.latencyMs !== undefined)
    mistakes.push('latencyMs has a setting of its own: SANDBOX_LATENCY_MS or --latency');
  for (const message of mistakes) context.addIssue({ code: 'custom', message });
  return policy;
}

/** The variables of the sandbox, which also runs alone. */
export const SandboxEnv = z.object({
  SANDBOX_UNITS: integer(1, 100_000, 200),
  SANDBOX_LATENCY_MS: integer(0, 60_000, 20),
  SANDBOX_SEED: integer(0, 2 ** 32 - 1, 1),
  SANDBOX_PORT: integer(0, 65_535, 0),
  SANDBOX_HOST: z
    .string()
    .refine((host) => isIP(host) > 0 || host === 'localhost', 'must be an IP address, or localhost')
    .default('127.0.0.1'),
  SANDBOX_POLICY: z
    .string()
    .transform((text, context) => readPolicies(text.split(','), context))
    .default({}),
});

// Public keys only: with a shared secret whoever can check a token can make one.
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

/** The variables one by one: what each may be, and its default. */
export const Env = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535, 4000),
  ADMIN_PORT: integer(0, 65_535, 4001),
  MANAGEMENT_API_URL: z
    .string()
    .refine(isUpstreamUrl, 'must be an https URL without path, or an http URL of a loopback host')
    .optional(),
  VIPPS_CLIENT_ID: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
    .optional(),
  VIPPS_MERCHANT_SERIAL_NUMBER: z.string().refine(isMsn, 'must be 4 to 10 digits').optional(),
  VIPPS_TOKEN_FLOW: z.enum(['accesstoken', 'miami'], 'must be accesstoken or miami').default('accesstoken'),
  VIPPS_SYSTEM_NAME: systemHeader,
  VIPPS_SYSTEM_VERSION: systemHeader,
  VIPPS_SYSTEM_PLUGIN_NAME: systemHeader,
  VIPPS_SYSTEM_PLUGIN_VERSION: systemHeader,
  TENANTS_FILE: z.string().optional(),
  REDIS_URL: z.undefined('is not supported by this version: run one replica and leave it out').optional(),
  AUTH: z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .pipe(
      z.array(z.enum(authMethods, `must be none, or one or several of ${authMethods.slice(1).join(', ')}`)),
    )
    .optional(),
  JWT_JWKS_URL: z
    .string()
    .refine(isHttpsUrl, 'must be an https URL, or an http URL of a loopback host')
    .optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_ALGORITHMS: z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .pipe(z.array(z.enum(jwtAlgorithms, `must be one or several of ${jwtAlgorithms.join(', ')}`)))
    .default(['RS256', 'ES256']),
  JWT_TENANT_CLAIM: z.string().default('tenant'),
  JWT_SCOPES_CLAIM: z.string().default('scope'),
  UPSTREAM_CONCURRENCY: integer(1, 1_000, 64),
  UPSTREAM_TIMEOUT_MS: integer(1, 600_000, 5_000),
  REQUEST_DEADLINE_MS: integer(1, 600_000, 15_000),
  MAX_PAGE_SIZE: integer(1, 100_000, 1_000),
  MAX_UPSTREAM_CALLS: integer(1, 1_000_000, 5_000),
  MAX_ROWS: integer(1, 1_000_000, 20_000),
  MAX_ANSWER_BYTES: integer(1_024, 256 * 1024 * 1024, 16 * 1024 * 1024),
  MAX_BODY_BYTES: integer(1_024, 64 * 1024 * 1024, 1024 * 1024),
  RATE_LIMIT_PER_MINUTE: integer(0, 1_000_000_000, 0).removeDefault().optional(),
  AUTH_FAILURES_PER_MINUTE: integer(0, 1_000_000, 60),
  TRUSTED_PROXIES: addressRanges.default(noAddresses),
  MAX_CONNECTIONS_PER_ADDRESS: integer(1, 10_000, 1_000),
  CACHE_MAX_BYTES: integer(1, 2 ** 40, 64 * 1024 * 1024),
  CACHE: z.enum(['on', 'off'], 'must be on or off').default('on'),
  TRUSTED_DOCUMENTS_FILE: z.string().optional(),
  TRUSTED_DOCUMENTS: z.enum(['only', 'also'], 'must be only or also').optional(),
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .pipe(z.array(origin))
    .default([]),
  OUTCOMES_FILE: z.string().optional(),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  GRAPHIQL: z.enum(['on', 'off'], 'must be on or off').optional(),
  NODE_ENV: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  ...SandboxEnv.shape,
});

export type Env = z.infer<typeof Env>;

/** The variables that hold a secret: each may also be given as `…_FILE`. */
export const secretNames = [
  'VIPPS_CLIENT_SECRET',
  'VIPPS_SUBSCRIPTION_KEY',
  'VIPPS_SUBSCRIPTION_KEY_SECONDARY',
] as const;

/** Every variable that is read. */
export const variableNames: readonly string[] = [...Object.keys(Env.shape), ...secretNames];

/** The secrets that were given and could be read. */
export interface Secrets {
  readonly clientSecret: Secret | undefined;
  readonly subscriptionKey: Secret | undefined;
  readonly subscriptionKeySecondary: Secret | undefined;
}

/** The rules between variables, for those of `given` that were understood one by one. */
export function* togetherMistakes(env: Env, secrets: Secrets, given: ReadonlySet<string>): Generator<string> {
  if (env.PORT === env.ADMIN_PORT && env.PORT !== 0) yield 'ADMIN_PORT: must differ from PORT';
  yield* callerMistakes(env, given);
  if (env.GRAPHIQL === 'on' && env.NODE_ENV === 'production')
    yield 'GRAPHIQL: NODE_ENV=production refuses on';
  if (given.has('TRUSTED_DOCUMENTS') && !given.has('TRUSTED_DOCUMENTS_FILE'))
    yield 'TRUSTED_DOCUMENTS_FILE: must be set together with TRUSTED_DOCUMENTS: it holds the documents';
  const keys = [...given].filter((name) => /^VIPPS_(CLIENT|SUBSCRIPTION)/.test(name));
  if (!given.has('MANAGEMENT_API_URL')) {
    if (env.NODE_ENV === 'production')
      yield 'MANAGEMENT_API_URL: must be set with NODE_ENV=production, which refuses the sandbox';
    const needing = given.has('TENANTS_FILE') ? [...keys, 'TENANTS_FILE'] : keys;
    if (needing.length > 0)
      yield `MANAGEMENT_API_URL: must be set together with ${needing.join(', ')}; without it the sandbox uses keys of its own`;
    return;
  }
  if (given.has('TENANTS_FILE')) {
    if (keys.length > 0)
      yield `TENANTS_FILE: must not be set together with ${keys.join(', ')}: it holds all keys`;
    return;
  }
  // Callers who bring their own keys need none here.
  if (keys.length === 0 && env.AUTH?.every((way) => way === 'vipps-keys')) return;
  const needed = (name: string, how = '') =>
    given.has(name) || (how && given.has(name + how))
      ? []
      : [`${name}: must be set together with MANAGEMENT_API_URL, or TENANTS_FILE`];
  yield* needed('VIPPS_CLIENT_ID');
  yield* needed('VIPPS_CLIENT_SECRET', '_FILE');
  if (env.VIPPS_TOKEN_FLOW === 'accesstoken') yield* needed('VIPPS_SUBSCRIPTION_KEY', '_FILE');
  else if (secrets.subscriptionKey || secrets.subscriptionKeySecondary)
    yield 'VIPPS_SUBSCRIPTION_KEY: must be left out with VIPPS_TOKEN_FLOW=miami, whose calls must not carry one';
}

function* callerMistakes(env: Env, given: ReadonlySet<string>): Generator<string> {
  const ways: readonly string[] = env.AUTH ?? ['none'];
  const open = ways.includes('none');
  if (!given.has('AUTH') && given.has('MANAGEMENT_API_URL')) {
    const none =
      env.NODE_ENV === 'production' || given.has('TENANTS_FILE') ? '' : ', or none on a loopback HOST';
    yield `AUTH: must be set together with MANAGEMENT_API_URL: api-key, jwt or vipps-keys${none}`;
    return;
  }
  if (open && ways.length > 1) yield 'AUTH: none must stand alone';
  if (open && !isLoopback(env.HOST))
    yield 'HOST: must be a loopback address such as 127.0.0.1 with AUTH=none, which lets everybody in';
  if (open && given.has('AUTH') && env.NODE_ENV === 'production')
    yield 'AUTH: NODE_ENV=production refuses none';
  if (open && given.has('TENANTS_FILE'))
    yield 'AUTH: must not be none together with TENANTS_FILE: nothing would say whose data to show';
  if (ways.includes('api-key') && !given.has('TENANTS_FILE'))
    yield 'TENANTS_FILE: must be set together with AUTH=api-key: it holds the hashes of the keys';
  for (const name of ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'])
    if (ways.includes('jwt') && !given.has(name)) yield `${name}: must be set together with AUTH=jwt`;
}

function isUpstreamUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.pathname !== '/' || url.search || url.hash || url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}

function isHttpsUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  );
}

/** Returns the variables that have a value: an empty one counts as absent. */
export const withoutEmpty = (env: NodeJS.ProcessEnv): Record<string, unknown> =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
