import { createHash, randomBytes } from 'node:crypto';
import { type Audience, audiences, type Scope, scopes } from '../config/scopes.ts';
import type { TenantKey } from '../config/tenants/tenants-file-shape.ts';
import { KEY_PREFIX } from '../server/auth/api-key.ts';

/** The flags of the command as they were written. */
export interface KeyFlags {
  readonly scopes?: string;
  readonly name?: string;
  readonly audience?: string;
}

/** Returns what is wrong with the flags. */
export function keyMistakes({ scopes: given, name, audience }: KeyFlags): string[] {
  const mistakes: string[] = [];
  if (given !== undefined && !listOf(given).every(isScope))
    mistakes.push(`--scopes: must be one or several of ${scopes.join(', ')}, separated by commas`);
  if (name !== undefined && (name === '' || name.length > 64))
    mistakes.push('--name: must have 1 to 64 characters');
  if (audience !== undefined && !isAudience(audience))
    mistakes.push(`--audience: must be one of ${audiences.join(', ')}`);
  return mistakes;
}

/** Returns a new key for a caller, and its entry for the tenants file. The key cannot be shown again. */
export function newKey({ scopes: given = 'read', name, audience }: KeyFlags = {}): string {
  const key = KEY_PREFIX + randomBytes(32).toString('base64url');
  const entry: Partial<TenantKey> = {
    sha256: createHash('sha256').update(key).digest('hex'),
    ...(name !== undefined && { name }),
    scopes: listOf(given).filter(isScope),
    ...(isAudience(audience) && { audience }),
  };
  return [
    `Give this key to the caller. It cannot be shown again:\n\n  ${key}\n`,
    `Add this entry to the keys of its tenant in TENANTS_FILE:\n\n  ${JSON.stringify(entry)}\n`,
  ].join('\n');
}

const listOf = (text: string) => text.split(',').map((item) => item.trim());
const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);
const isAudience = (text: string | undefined): text is Audience =>
  (audiences as readonly (string | undefined)[]).includes(text);
