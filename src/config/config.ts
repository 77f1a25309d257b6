import { z } from 'zod';
import type { SandboxFlags } from '../cli/args.ts';
import type { Policy } from '../sandbox/policy/policy.ts';
import type { AddressRanges } from './address-ranges.ts';
import { Env, readPolicies, SandboxEnv, type Secrets, type secretNames, togetherMistakes } from './env.ts';
import { isLoopback } from './loopback.ts';
import { readSecret, type SecretFiles } from './secret-file.ts';
import { readTenantsFile, type TenantEntry } from './tenants-file.ts';
import { readTrustedDocumentsFile, type TrustedDocuments } from './trusted-documents.ts';

/** A thousand upstream calls a second, of each tenant: far above a busy administration, far below a flood. */
const DEFAULT_RATE_LIMIT = 60_000;

/** Name and version of this package: what the upstream sees as the calling system unless told otherwise. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
}

/** Everything the process is told from outside. Frozen; read once. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly adminPort: number;
  /** Undefined: the embedded sandbox and its keys. */
  readonly upstream: { readonly url: string; readonly tenants: readonly TenantEntry[] } | undefined;
  /** Read again when it changes. */
  readonly tenantsFile: string | undefined;
  /** How callers prove who they are; none lets everybody in. */
  readonly auth: readonly ('none' | 'api-key' | 'jwt' | 'vipps-keys')[];
  /** Set when `auth` holds jwt. */
  readonly jwt: JwtOptions | undefined;
  /** The four Vipps-System headers, lower-case names. */
  readonly systemHeaders: Readonly<Record<string, string>>;
  readonly concurrency: number;
  readonly upstreamTimeoutMs: number;
  readonly requestDeadlineMs: number;
  readonly maxPageSize: number;
  readonly maxUpstreamCalls: number;
  /** Rows that one operation may read or return. */
  readonly maxRows: number;
  /** Longest answer, in bytes. */
  readonly maxAnswerBytes: number;
  /** Points of one tenant in a minute; 0 is no limit. */
  readonly rateLimitPerMinute: number;
  /** After so many failures to prove who asks, an address waits; 0 is no limit. */
  readonly authFailuresPerMinute: number;
  /** Their reports of a client's address are believed. */
  readonly trustedProxies: AddressRanges;
  readonly maxConnectionsPerAddress: number;
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** 0 when the cache is off. */
  readonly cacheMaxBytes: number;
  readonly maxBodyBytes: number;
  readonly corsOrigins: readonly string[];
  /** Where the outcomes of writes are kept; undefined leaves the choice to the command. */
  readonly outcomesFile: string | undefined;
  readonly logLevel: string;
  readonly production: boolean;
  /** Whether the page of GraphiQL is served. It needs no key. */
  readonly graphiql: boolean;
  /** What was given and has no effect, or opens more than usual, by variable name. */
  readonly warnings: readonly string[];
  readonly sandbox: SandboxConfig;
}

/** How tokens of callers are checked. */
export interface JwtOptions {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Asymmetric ones only: a shared secret would let every verifier issue tokens. */
  readonly algorithms: readonly string[];
  readonly tenantClaim: string;
  readonly scopesClaim: string;
}

/** The sandbox's part, for which nothing else needs to be right. */
export interface SandboxConfig {
  readonly units: number;
  readonly latencyMs: number;
  readonly seed: number;
  readonly port: number;
  /** Where the port was given, which a message about it names. */
  readonly portName: string;
  readonly host: string;
  /** The same of the host. */
  readonly hostName: string;
  readonly policy: Partial<Policy>;
}

/** Every mistake of a configuration, by the name of its variable or flag and never by value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}

/** Environment → configuration. Empty values count as absent. Throws one {@link ConfigError} that lists every mistake. */
export function readConfig(
  env: NodeJS.ProcessEnv,
  packageInfo: PackageInfo,
  secretFiles: SecretFiles,
): Config {
  const given = withoutEmpty(env);
  const parsed = Env.safeParse(given);
  const mistakes = parsed.success ? [] : ownMistakes(parsed.error);

  const secret = (name: (typeof secretNames)[number]) =>
    readSecret(given, name, secretFiles, (mistake) => mistakes.push(mistake));
  const secrets = {
    clientSecret: secret('VIPPS_CLIENT_SECRET'),
    subscriptionKey: secret('VIPPS_SUBSCRIPTION_KEY'),
    subscriptionKeySecondary: secret('VIPPS_SUBSCRIPTION_KEY_SECONDARY'),
  };
  const tenants =
    typeof given['TENANTS_FILE'] === 'string'
      ? readTenantsFile(given['TENANTS_FILE'], secretFiles)
      : undefined;
  if (tenants && 'mistakes' in tenants)
    mistakes.push(...tenants.mistakes.map((mistake) => `TENANTS_FILE: ${mistake}`));
  const documents =
    typeof given['TRUSTED_DOCUMENTS_FILE'] === 'string'
      ? readTrustedDocumentsFile(given['TRUSTED_DOCUMENTS_FILE'])
      : undefined;
  if (documents && 'mistakes' in documents)
    mistakes.push(...documents.mistakes.map((mistake) => `TRUSTED_DOCUMENTS_FILE: ${mistake}`));
  // The rules between variables hold for what was understood; a variable with a mistake of its own is absent here.
  const values = parsed.success ? parsed.data : Env.parse(withoutMistakes(given, parsed.error));
  mistakes.push(...togetherMistakes(values, secrets, new Set(Object.keys(given))));
  if (mistakes.length > 0) throw new ConfigError([...new Set(mistakes)]);
  const fromFile = tenants && 'tenants' in tenants ? tenants.tenants : undefined;
  const trustedDocuments =
    documents && 'byId' in documents
      ? { byId: documents.byId, only: values.TRUSTED_DOCUMENTS !== 'also' }
      : undefined;
  return Object.freeze({ ...toConfig(values, secrets, packageInfo, fromFile), trustedDocuments });
}

/**
 * The sandbox's part of the environment, where the gateway's may be wrong, and its flags, which win. Throws one
 * {@link ConfigError} that lists `mistakes` and every other.
 */
export function readSandboxConfig(
  env: NodeJS.ProcessEnv,
  flags: SandboxFlags = {},
  mistakes: readonly string[] = [],
): SandboxConfig {
  const { policy: settings = [], ...values } = flags;
  const byFlag = Object.fromEntries(
    Object.entries(values).map(([flag, value]) => [variables[flag as Flag], value]),
  );
  const ofEnv = SandboxEnv.safeParse({ ...withoutEmpty(env), ...byFlag });
  const ofFlags = PolicyFlags.safeParse(settings);
  if (mistakes.length === 0 && ofEnv.success && ofFlags.success) {
    const config = toSandboxConfig(ofEnv.data, { ...ofEnv.data.SANDBOX_POLICY, ...ofFlags.data });
    return {
      ...config,
      ...(flags.port !== undefined && { portName: '--port' }),
      ...(flags.host !== undefined && { hostName: '--host' }),
    };
  }
  const flagOf = (name: string) => Object.keys(values).find((flag) => variables[flag as Flag] === name);
  throw new ConfigError([
    ...mistakes,
    ...(ofEnv.error?.issues ?? []).map(({ path, message }) => {
      const flag = flagOf(String(path[0]));
      return `${flag ? `--${flag}` : String(path[0])}: ${message}`;
    }),
    ...(ofFlags.error?.issues ?? []).map(({ message }) => `--policy: ${message}`),
  ]);
}

const variables = {
  port: 'SANDBOX_PORT',
  host: 'SANDBOX_HOST',
  units: 'SANDBOX_UNITS',
  seed: 'SANDBOX_SEED',
  latency: 'SANDBOX_LATENCY_MS',
} as const;
type Flag = keyof typeof variables;
const PolicyFlags = z.array(z.string()).transform(readPolicies);

const withoutEmpty = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

const ownMistakes = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => `${String(path[0])}: ${message}`);

function withoutMistakes(given: Record<string, unknown>, error: z.ZodError): Record<string, unknown> {
  const wrong = new Set(error.issues.map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
}

/** The tenant `default` of the variables; none when callers bring keys of their own. */
function onlyTenant(env: Env, secrets: Secrets): TenantEntry[] {
  const { clientSecret, subscriptionKey, subscriptionKeySecondary } = secrets;
  if (!env.VIPPS_CLIENT_ID || !clientSecret) return [];
  const credentials = {
    clientId: env.VIPPS_CLIENT_ID,
    clientSecret,
    subscriptionKey,
    subscriptionKeySecondary,
    tokenFlow: env.VIPPS_TOKEN_FLOW,
    merchantSerialNumber: env.VIPPS_MERCHANT_SERIAL_NUMBER,
  };
  return [{ id: 'default', credentials, keys: [], limits: {}, upstreamText: '' }];
}

function toConfig(
  env: Env,
  secrets: Secrets,
  packageInfo: PackageInfo,
  fromFile: readonly TenantEntry[] | undefined,
): Omit<Config, 'trustedDocuments'> {
  const auth = env.AUTH ?? ['none'];
  // Whoever lets everybody in does it for himself.
  const isOpen = auth.includes('none');
  return {
    host: env.HOST,
    port: env.PORT,
    adminPort: env.ADMIN_PORT,
    upstream: env.MANAGEMENT_API_URL
      ? { url: new URL(env.MANAGEMENT_API_URL).origin, tenants: fromFile ?? onlyTenant(env, secrets) }
      : undefined,
    tenantsFile: env.TENANTS_FILE,
    auth,
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
    systemHeaders: {
      'vipps-system-name': env.VIPPS_SYSTEM_NAME ?? packageInfo.name,
      'vipps-system-version': env.VIPPS_SYSTEM_VERSION ?? packageInfo.version,
      'vipps-system-plugin-name': env.VIPPS_SYSTEM_PLUGIN_NAME ?? packageInfo.name,
      'vipps-system-plugin-version': env.VIPPS_SYSTEM_PLUGIN_VERSION ?? packageInfo.version,
    },
    concurrency: env.UPSTREAM_CONCURRENCY,
    upstreamTimeoutMs: env.UPSTREAM_TIMEOUT_MS,
    requestDeadlineMs: env.REQUEST_DEADLINE_MS,
    maxPageSize: env.MAX_PAGE_SIZE,
    maxUpstreamCalls: env.MAX_UPSTREAM_CALLS,
    maxRows: env.MAX_ROWS,
    maxAnswerBytes: env.MAX_ANSWER_BYTES,
    rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE ?? (isOpen ? 0 : DEFAULT_RATE_LIMIT),
    authFailuresPerMinute: env.AUTH_FAILURES_PER_MINUTE,
    trustedProxies: env.TRUSTED_PROXIES,
    maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
    cacheMaxBytes: env.CACHE === 'off' ? 0 : env.CACHE_MAX_BYTES,
    maxBodyBytes: env.MAX_BODY_BYTES,
    corsOrigins: env.CORS_ORIGINS,
    outcomesFile: env.OUTCOMES_FILE,
    logLevel: env.LOG_LEVEL,
    production: env.NODE_ENV === 'production',
    graphiql: env.NODE_ENV !== 'production' && (env.GRAPHIQL ? env.GRAPHIQL === 'on' : isLoopback(env.HOST)),
    warnings: [
      ...(env.OTEL_EXPORTER_OTLP_ENDPOINT
        ? ['OTEL_EXPORTER_OTLP_ENDPOINT has no effect: this version sends no traces']
        : []),
      ...(!env.MANAGEMENT_API_URL && !isLoopback(env.SANDBOX_HOST)
        ? ['SANDBOX_HOST: whoever reaches the sandbox there can read its keys and steer it']
        : []),
    ],
    sandbox: toSandboxConfig(env),
  };
}

const toSandboxConfig = (
  env: z.infer<typeof SandboxEnv>,
  policy: Partial<Policy> = env.SANDBOX_POLICY,
): SandboxConfig => ({
  units: env.SANDBOX_UNITS,
  latencyMs: env.SANDBOX_LATENCY_MS,
  seed: env.SANDBOX_SEED,
  port: env.SANDBOX_PORT,
  portName: 'SANDBOX_PORT',
  host: env.SANDBOX_HOST,
  hostName: 'SANDBOX_HOST',
  policy,
});
