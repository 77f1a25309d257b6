import { createHash, randomBytes } from 'node:crypto';
import { KEY_PREFIX } from '../server/auth/api-key.ts';

/** A new key for a caller, and the line of the tenants file that lets it in. The key is shown this once. */
export function newKey(): string {
  const key = KEY_PREFIX + randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(key).digest('hex');
  return [
    `Give this to the caller; nobody can show it again:\n\n  ${key}\n`,
    `Put this among the keys of its tenant in TENANTS_FILE:\n\n  ${JSON.stringify({ sha256, scopes: ['read'] })}\n`,
  ].join('\n');
}
