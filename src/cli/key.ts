import { createHash, randomBytes } from 'node:crypto';
import { KEY_PREFIX } from '../server/auth/api-key.ts';

/** Returns a new key for a caller, and its entry for the tenants file. The key cannot be shown again. */
export function newKey(): string {
  const key = KEY_PREFIX + randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(key).digest('hex');
  return [
    `Give this key to the caller. It cannot be shown again:\n\n  ${key}\n`,
    `Add this entry to the keys of its tenant in TENANTS_FILE:\n\n  ${JSON.stringify({ sha256, scopes: ['read'] })}\n`,
  ].join('\n');
}
