import { z } from 'zod';
import { merchantSerialNumberUses } from '../../upstream/keys/merchant-serial-number.ts';
import { isMsn } from '../../upstream/models/identifiers.ts';
import { Target } from '../notifications/targets.ts';
import { audiences, scopes } from '../scopes.ts';

const header = () => z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without spaces');
const path = () => z.string().min(1, 'must be a path');

export const SHA_256 = /^[0-9a-f]{64}$/;
export const TENANT_ID = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/;

/** One key of a caller. Only its hash is stored. */
export const TenantKey = z.strictObject({
  sha256: z
    .string()
    .regex(SHA_256, 'must be the SHA-256 of the whole key: 64 lower-case hexadecimal digits')
    .describe(
      'SHA-256 of the whole key in lower-case hexadecimal. `management-graphql key` creates a key and its hash.',
    ),
  name: z.string().max(64).optional().describe('Who holds the key. Shown in the log.'),
  scopes: z.array(z.enum(scopes)).min(1).describe('What the holder may do.'),
  audience: z
    .enum(audiences)
    .default('backend')
    .describe('Who holds the key: a browser, a backend of your own, or a GraphQL router.'),
});

export type TenantKey = z.infer<typeof TenantKey>;

const Limits = z.strictObject({
  pointsPerMinute: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe(
      'Cost points per minute for all callers of the tenant together. Defaults to RATE_LIMIT_PER_MINUTE.',
    ),
  maxUpstreamCalls: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Upstream calls that one operation may cause. Defaults to MAX_UPSTREAM_CALLS.'),
  concurrency: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Concurrent upstream calls. Defaults to UPSTREAM_CONCURRENCY.'),
});

export const TenantUpstream = z.strictObject({
  clientId: header().describe('The `client_id` of the keys.'),
  clientSecret: header().optional().describe('The `client_secret`. Set this or clientSecretFile.'),
  clientSecretFile: path()
    .optional()
    .describe('Path of a file with the `client_secret`, which is read again when it changes.'),
  subscriptionKey: header()
    .optional()
    .describe('The `Ocp-Apim-Subscription-Key`. Set this or subscriptionKeyFile.'),
  subscriptionKeyFile: path()
    .optional()
    .describe('Path of a file with the subscription key, which is read again when it changes.'),
  subscriptionKeySecondary: header()
    .optional()
    .describe(
      'The secondary key, used when the primary key is refused. Set this or subscriptionKeySecondaryFile.',
    ),
  subscriptionKeySecondaryFile: path()
    .optional()
    .describe('Path of a file with the secondary key, which is read again when it changes.'),
  tokenFlow: z
    .enum(['accesstoken', 'miami'])
    .default('accesstoken')
    .describe('`miami` for management keys, which have no subscription key.'),
  merchantSerialNumber: z.string().refine(isMsn, 'must be 4 to 10 digits').optional().meta({
    pattern: '^\\d{4,10}$',
    description:
      'Sent as `Merchant-Serial-Number` on the token call and on the calls that merchantSerialNumberUse names.',
  }),
  merchantSerialNumberUse: z
    .enum(merchantSerialNumberUses)
    .optional()
    .describe(
      'On which calls a number is sent: `never`, on those for `one` sales unit, merchant or order, `always`, or a unit’s `own` number where one unit is read. Defaults to VIPPS_MERCHANT_SERIAL_NUMBER_USE.',
    ),
});

const Tenant = z.strictObject({
  id: z
    .string()
    .regex(TENANT_ID, 'must be 1 to 64 letters, digits, dots, hyphens and underscores')
    .describe('Identifies the tenant in logs and in a claim of a JWT.'),
  upstream: TenantUpstream.describe('The Management API keys that the gateway uses for this tenant.'),
  keys: z
    .array(TenantKey)
    .default([])
    .describe('Keys with which its callers authenticate when AUTH includes api-key.'),
  webhooks: z
    .array(Target)
    .max(20)
    .default([])
    .describe(
      'Where to send notifications when data that the tenant can see changes. See docs/notifications.md.',
    ),
  limits: Limits.default({}).describe('Limits that replace those of the gateway.'),
});

/** The shape of the file, from which its JSON Schema is generated. */
export const TenantsFile = z.strictObject({
  $schema: z.string().optional().describe('Path of tenants.schema.json, for editors.'),
  tenants: z
    .array(Tenant)
    .min(1, 'must have at least one tenant')
    .describe('The tenants. Each has its own Management API keys.'),
});
