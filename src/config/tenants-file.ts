import { z } from 'zod';
import type { Credentials } from '../upstream/keys/credentials.ts';
import { Secret } from '../upstream/keys/secret.ts';
import { isMsn } from '../upstream/models/identifiers.ts';
import { describeUnreadable } from './file-problem.ts';
import { readSmallFile } from './read-small-file.ts';
import { type Audience, audiences, type Scope, scopes } from './scopes.ts';
import type { SecretFiles } from './secret-file.ts';
import { fileSecret } from './secret-file.ts';

const header = () => z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without spaces');
const path = () => z.string().min(1, 'must be a path');

/** One key of a caller. The key itself stands nowhere: only its hash. */
const Key = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the whole key, 64 lower-case hexadecimal digits')
    .describe('SHA-256 of the whole key in lower-case hexadecimal; `management-graphql key` makes both.'),
  name: z.string().max(64).optional().describe('Who holds the key, for the log.'),
  scopes: z.array(z.enum(scopes)).min(1).describe('What the holder may do.'),
  audience: z
    .enum(audiences)
    .default('backend')
    .describe('Who holds the key: a browser, a backend of your own, or a GraphQL router.'),
});

const Limits = z.strictObject({
  pointsPerMinute: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe('Cost points of all its callers together in a minute; RATE_LIMIT_PER_MINUTE if left out.'),
  maxUpstreamCalls: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Upstream calls that one operation may cause; MAX_UPSTREAM_CALLS if left out.'),
  concurrency: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Upstream calls at once; UPSTREAM_CONCURRENCY if left out.'),
});

const Upstream = z.strictObject({
  clientId: header().describe('client_id of the keys.'),
  clientSecret: header().optional().describe('client_secret; or clientSecretFile.'),
  clientSecretFile: path().optional().describe('A file with the client_secret, read again when it changes.'),
  subscriptionKey: header().optional().describe('Ocp-Apim-Subscription-Key; or subscriptionKeyFile.'),
  subscriptionKeyFile: path().optional().describe('A file with it, read again when it changes.'),
  subscriptionKeySecondary: header()
    .optional()
    .describe('The secondary key, used when the primary is refused; or subscriptionKeySecondaryFile.'),
  subscriptionKeySecondaryFile: path().optional().describe('A file with it, read again when it changes.'),
  tokenFlow: z
    .enum(['accesstoken', 'miami'])
    .default('accesstoken')
    .describe('miami for management keys, which have no subscription key.'),
  merchantSerialNumber: z.string().refine(isMsn, 'must be 4 to 10 digits').optional().meta({
    pattern: '^\\d{4,10}$',
    description: 'Sent as Merchant-Serial-Number where one unit is acted for.',
  }),
});

const Tenant = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/,
      'must be 1 to 64 letters, digits, dots, hyphens and underscores',
    )
    .describe('Names the tenant in logs, and in the claim of a JWT.'),
  upstream: Upstream.describe('The keys of the Management API that its callers use.'),
  keys: z.array(Key).default([]).describe('Gateway keys of its callers, for AUTH=api-key.'),
  limits: Limits.default({}).describe('Instead of what the gateway grants every tenant.'),
});

/** The file, as its JSON Schema describes it too. */
export const TenantsFile = z.strictObject({
  $schema: z.string().optional().describe('tenants.schema.json of the package, for editors.'),
  tenants: z
    .array(Tenant)
    .min(1, 'must have at least one tenant')
    .describe('Whoever has keys of the Management API of its own.'),
});

/** A caller's key as the gateway looks it up. */
export interface TenantKeyEntry {
  readonly sha256: string;
  readonly name: string | undefined;
  readonly scopes: readonly Scope[];
  readonly audience: Audience;
}

/** A tenant of the file, with its secrets read. */
export interface TenantEntry {
  readonly id: string;
  readonly credentials: Credentials;
  readonly keys: readonly TenantKeyEntry[];
  readonly limits: {
    readonly pointsPerMinute?: number | undefined;
    readonly maxUpstreamCalls?: number | undefined;
    readonly concurrency?: number | undefined;
  };
  /** What the entry says about the upstream, to tell whether another reading of the file changed it. */
  readonly upstreamText: string;
}

/** The text of the file → its tenants, or everything that is wrong with it: by place, never by value. */
export function readTenants(
  text: string,
  files: SecretFiles,
): { tenants: readonly TenantEntry[] } | { mistakes: readonly string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { mistakes: ['is not valid JSON'] };
  }
  const parsed = TenantsFile.safeParse(json);
  const mistakes = parsed.success ? [] : parsed.error.issues.map(toMistake);
  const complain = (mistake: string) => mistakes.push(mistake);
  // The rules between properties hold for what was understood by itself, so that they are told with all the rest.
  const loose = LooseFile.parse(json).tenants;
  const credentials = loose.map(({ upstream }, index) => {
    const { data } = Upstream.safeParse(upstream);
    return data && credentialsOf(data, `tenants.${index}.upstream`, files, complain);
  });
  complainOfRepeats(
    loose.map(({ id }, index) => [`tenants.${index}.id`, id]),
    complain,
  );
  complainOfRepeats(
    loose.flatMap(({ keys }, index) =>
      keys.map(({ sha256 }, at): Place => [`tenants.${index}.keys.${at}.sha256`, sha256]),
    ),
    complain,
  );
  if (!parsed.success || mistakes.length > 0) return { mistakes };
  return {
    tenants: parsed.data.tenants.flatMap(({ id, upstream, keys, limits }, index): TenantEntry[] => {
      const own = credentials[index];
      const upstreamText = JSON.stringify([upstream, limits.concurrency]);
      return own ? [{ id, credentials: own, keys: keys.map(toKeyEntry), limits, upstreamText }] : [];
    }),
  };
}

/** Whatever has the outline of the file. */
const LooseKey = z.looseObject({ sha256: z.unknown() }).catch({ sha256: undefined });
const LooseTenant = z
  .looseObject({ id: z.unknown(), upstream: z.unknown(), keys: z.array(LooseKey).catch([]) })
  .catch({ id: undefined, upstream: undefined, keys: [] });
const LooseFile = z.looseObject({ tenants: z.array(LooseTenant).catch([]) }).catch({ tenants: [] });

const toKeyEntry = ({ sha256, name, scopes: own, audience }: z.infer<typeof Key>): TenantKeyEntry => ({
  sha256,
  name,
  scopes: own,
  audience,
});

const RULES = { mostBytes: 16 * 1024 * 1024, holdsAuthority: true };
/** A file that is something else altogether can have a mistake per byte. */
const MOST_MISTAKES = 50;
const LONGEST_MISTAKE = 300;

/** Reads and understands the file. */
export function readTenantsFile(path: string, files: SecretFiles): ReturnType<typeof readTenants> {
  try {
    const read = readTenants(readSmallFile(path, RULES).text, files);
    return 'mistakes' in read ? { mistakes: shorten(read.mistakes) } : read;
  } catch (error) {
    return { mistakes: [describeUnreadable(error)] };
  }
}

function shorten(mistakes: readonly string[]): readonly string[] {
  const shown = mistakes.slice(0, MOST_MISTAKES).map((mistake) => mistake.slice(0, LONGEST_MISTAKE));
  const left = mistakes.length - shown.length;
  return left > 0 ? [...shown, `and ${left} more mistakes`] : shown;
}

type UpstreamInput = z.infer<typeof Upstream>;

function credentialsOf(
  upstream: UpstreamInput,
  place: string,
  files: SecretFiles,
  complain: (mistake: string) => void,
): Credentials {
  const secret = (name: 'clientSecret' | 'subscriptionKey' | 'subscriptionKeySecondary') => {
    const value = upstream[name];
    const file = upstream[`${name}File`];
    if (value !== undefined && file !== undefined)
      complain(`${place}.${name}: give either it or ${name}File`);
    if (file !== undefined) return fileSecret(file, `${place}.${name}File`, files, complain);
    return value === undefined ? undefined : new Secret(value);
  };
  const clientSecret = secret('clientSecret');
  const subscriptionKey = secret('subscriptionKey');
  const subscriptionKeySecondary = secret('subscriptionKeySecondary');
  if (upstream.clientSecret === undefined && upstream.clientSecretFile === undefined)
    complain(`${place}.clientSecret: must be given, or clientSecretFile`);
  const hasKey = upstream.subscriptionKey !== undefined || upstream.subscriptionKeyFile !== undefined;
  if (upstream.tokenFlow === 'accesstoken' && !hasKey)
    complain(`${place}.subscriptionKey: must be given with tokenFlow accesstoken, or subscriptionKeyFile`);
  if (upstream.tokenFlow === 'miami' && (hasKey || subscriptionKeySecondary))
    complain(`${place}.subscriptionKey: must be left out with tokenFlow miami`);
  return {
    clientId: upstream.clientId,
    clientSecret: clientSecret ?? new Secret(''),
    subscriptionKey,
    subscriptionKeySecondary,
    tokenFlow: upstream.tokenFlow,
    merchantSerialNumber: upstream.merchantSerialNumber,
  };
}

function toMistake(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.');
  const said = issue.code === 'unrecognized_keys' ? `has no ${issue.keys.join(', ')}` : issue.message;
  return place === '' ? said : `${place}: ${said}`;
}

type Place = readonly [place: string, value: unknown];

function complainOfRepeats(places: readonly Place[], complain: (mistake: string) => void): void {
  const seen = new Set<unknown>();
  for (const [place, value] of places) {
    if (seen.has(value)) complain(`${place}: stands in the file already`);
    if (typeof value === 'string') seen.add(value);
  }
}
