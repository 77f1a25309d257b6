import type { z } from 'zod';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { Env, type secretNames, withoutEmpty } from './env.ts';
import { findConflicts } from './env-rules.ts';
import { readSecret, type SecretFiles, type Secrets } from './files/secret-file.ts';
import { type NotificationTarget, readTargetsFile } from './notifications/targets.ts';
import type { PackageInfo } from './package-info.ts';
import { toConfig } from './sections.ts';
import type { TenantEntry } from './tenants/tenant-entry.ts';
import { readTenantsFile } from './tenants/tenants-file.ts';
import { readTrustedDocumentsFile, type TrustedDocuments } from './trusted-documents.ts';
import { warnOfUnknown } from './unknown-variables.ts';

/** Anyone who knows it gets a router's limits, so it must be too long to guess. */
const SHORTEST_SUBGRAPH_SECRET = 32;

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

  const secret = (name: (typeof secretNames)[number], shortest?: number) =>
    readSecret(given, name, secretFiles, (mistake) => mistakes.push(mistake), shortest);
  const secrets = {
    clientSecret: secret('VIPPS_CLIENT_SECRET'),
    subscriptionKey: secret('VIPPS_SUBSCRIPTION_KEY'),
    subscriptionKeySecondary: secret('VIPPS_SUBSCRIPTION_KEY_SECONDARY'),
    subgraph: secret('SUBGRAPH_SECRET', SHORTEST_SUBGRAPH_SECRET),
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
  const webhooks = readFile<{ readonly targets: readonly NotificationTarget[] }>('WEBHOOKS_FILE', (path) =>
    readTargetsFile(path, secretFiles),
  );
  // A variable with a mistake of its own is left out, so that rules across the others are still checked.
  const values = parsed.success ? parsed.data : Env.parse(withoutMistakes(given, parsed.error));
  mistakes.push(...findConflicts(values, new Set(Object.keys(given)), secrets));
  if (mistakes.length > 0) throw new ConfigError([...new Set(mistakes)]);
  return toConfig(values, packageInfo, {
    unknown: warnOfUnknown(Object.keys(given)),
    targets: webhooks?.targets ?? [],
    subgraphSecret: secrets.subgraph,
    entries: fromFile?.tenants ?? tenantOfVariables(values, secrets, webhooks?.targets ?? []),
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
function tenantOfVariables(
  env: Env,
  secrets: Secrets,
  targets: readonly NotificationTarget[],
): TenantEntry[] {
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
  return [{ id: 'default', credentials, keys: [], limits: {}, targets, upstreamText: '' }];
}
