import type { z } from 'zod';
import type {
  AuthConfig,
  Config,
  GraphiqlConfig,
  HttpConfig,
  LimitsConfig,
  UpstreamConfig,
} from './config.ts';
import { ConfigError } from './config-error.ts';
import { Env, type Secrets, type secretNames, togetherMistakes, withoutEmpty } from './env.ts';
import { isLoopback } from './loopback.ts';
import type { PackageInfo } from './package-info.ts';
import { toSandboxConfig } from './sandbox-config.ts';
import { readSecret, type SecretFiles } from './secret-file.ts';
import { readTenantsFile, type TenantEntry } from './tenants-file.ts';
import { readTrustedDocumentsFile, type TrustedDocuments } from './trusted-documents.ts';

/** About a thousand upstream calls per second and tenant: far above normal use, far below a flood. */
const DEFAULT_RATE_LIMIT = 60_000;

/**
 * Returns the configuration that the environment describes. Empty values count as absent. Throws one {@link ConfigError}
 * that lists every mistake.
 */
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
  const readFile = <Read extends object>(
    name: string,
    read: (path: string) => Read | { readonly mistakes: readonly string[] },
  ): Read | undefined => {
    if (typeof given[name] !== 'string') return undefined;
    const result = read(given[name]);
    if (!('mistakes' in result)) return result;
    mistakes.push(...result.mistakes.map((mistake) => `${name}: ${mistake}`));
    return undefined;
  };
  const fromFile = readFile<{ readonly tenants: readonly TenantEntry[] }>('TENANTS_FILE', (path) =>
    readTenantsFile(path, secretFiles),
  );
  const documents = readFile<Pick<TrustedDocuments, 'byId'>>(
    'TRUSTED_DOCUMENTS_FILE',
    readTrustedDocumentsFile,
  );
  // A variable with a mistake of its own is left out, so that rules across the others are still checked.
  const values = parsed.success ? parsed.data : Env.parse(withoutMistakes(given, parsed.error));
  mistakes.push(...togetherMistakes(values, secrets, new Set(Object.keys(given))));
  if (mistakes.length > 0) throw new ConfigError([...new Set(mistakes)]);
  return toConfig(values, packageInfo, {
    entries: fromFile?.tenants ?? tenantOfVariables(values, secrets),
    trustedDocuments: documents && { byId: documents.byId, only: values.TRUSTED_DOCUMENTS !== 'also' },
  });
}

const ownMistakes = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => `${String(path[0])}: ${message}`);

function withoutMistakes(given: Record<string, unknown>, error: z.ZodError): Record<string, unknown> {
  const wrong = new Set(error.issues.map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
}

/** Returns the tenant `default`, or none when callers send their own keys. */
function tenantOfVariables(env: Env, secrets: Secrets): TenantEntry[] {
  const { clientSecret, subscriptionKey, subscriptionKeySecondary } = secrets;
  if (!env.MANAGEMENT_API_URL || !env.VIPPS_CLIENT_ID || !clientSecret) return [];
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

interface FromFiles {
  readonly entries: readonly TenantEntry[];
  readonly trustedDocuments: TrustedDocuments | undefined;
}

function toConfig(env: Env, packageInfo: PackageInfo, { entries, trustedDocuments }: FromFiles): Config {
  return Object.freeze({
    http: Object.freeze(toHttp(env)),
    auth: Object.freeze(toAuth(env)),
    tenants: Object.freeze({ entries, file: env.TENANTS_FILE }),
    limits: Object.freeze(toLimits(env, trustedDocuments)),
    cache: Object.freeze({ maxBytes: env.CACHE === 'off' ? 0 : env.CACHE_MAX_BYTES }),
    upstream: Object.freeze(toUpstream(env, packageInfo)),
    store: Object.freeze({ outcomesFile: env.OUTCOMES_FILE }),
    log: Object.freeze({ level: env.LOG_LEVEL }),
    graphiql: Object.freeze(toGraphiql(env)),
    sandbox: Object.freeze(toSandboxConfig(env)),
    production: env.NODE_ENV === 'production',
    warnings: Object.freeze(warningsFor(env)),
  });
}

const toHttp = (env: Env): HttpConfig => ({
  host: env.HOST,
  port: env.PORT,
  adminPort: env.ADMIN_PORT,
  maxBodyBytes: env.MAX_BODY_BYTES,
  corsOrigins: env.CORS_ORIGINS,
  trustedProxies: env.TRUSTED_PROXIES,
  maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
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
  concurrency: env.UPSTREAM_CONCURRENCY,
  timeoutMs: env.UPSTREAM_TIMEOUT_MS,
});

function toGraphiql(env: Env): GraphiqlConfig {
  const isWanted = env.GRAPHIQL ? env.GRAPHIQL === 'on' : isLoopback(env.HOST);
  return { enabled: env.NODE_ENV !== 'production' && isWanted };
}

function warningsFor(env: Env): string[] {
  const warnings = [];
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT)
    warnings.push('OTEL_EXPORTER_OTLP_ENDPOINT has no effect: this version sends no traces');
  if (!env.MANAGEMENT_API_URL && !isLoopback(env.SANDBOX_HOST))
    warnings.push('SANDBOX_HOST: anyone who can reach the sandbox can read its keys and control it');
  return warnings;
}
