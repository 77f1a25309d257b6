import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/config/scopes.ts';
import { readReadable, withoutRevoked } from '../../../src/config/tenants/revocations.ts';
import type { TenantEntry } from '../../../src/config/tenants/tenant-entry.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';

const hash = (letter: string) => letter.repeat(64);
const key = (letter: string, scopes: readonly Scope[] = ['read', 'introspect']) => ({
  sha256: hash(letter),
  name: undefined,
  scopes,
  audience: 'backend' as const,
});
const entry = (id: string, ...keys: readonly string[]): TenantEntry => ({
  id,
  credentials: { clientId: id, clientSecret: new Secret('x'), tokenFlow: 'miami' },
  keys: keys.map((letter) => key(letter)),
  limits: {},
  targets: [],
  upstreamText: id,
});
const inUse = [entry('one', 'a', 'b'), entry('two', 'c')];
const fileKey = (letter: string, more: object = {}) => ({
  sha256: hash(letter),
  scopes: ['read', 'introspect'],
  ...more,
});
const one = { id: 'one', keys: [fileKey('a'), fileKey('b')] };
const two = { id: 'two', keys: [fileKey('c')] };

/** The keys that are left, as `tenant:key=scopes`. */
function left(file: unknown): string[] | undefined {
  const readable = readReadable(file);
  return (
    readable &&
    withoutRevoked(inUse, readable).entries.flatMap(({ id, keys }) =>
      keys.length === 0 ? [id] : keys.map(({ sha256, scopes }) => `${id}:${sha256[0]}=${scopes.join('+')}`),
    )
  );
}
const ALL = ['one:a=read+introspect', 'one:b=read+introspect', 'two:c=read+introspect'];

describe('a file with mistakes', () => {
  it.each<[string, unknown, string[]]>([
    ['a key', { tenants: [{ ...one, keys: [fileKey('a')] }, two] }, [ALL[0] ?? '', ALL[2] ?? '']],
    ['all keys of a tenant', { tenants: [one, { ...two, keys: [] }] }, [...ALL.slice(0, 2), 'two']],
    ['a tenant', { tenants: [one] }, ALL.slice(0, 2)],
    [
      'a scope',
      { tenants: [one, { ...two, keys: [fileKey('c', { scopes: ['read'] })] }] },
      [...ALL.slice(0, 2), 'two:c=read'],
    ],
    [
      'a key beside one that cannot be read',
      { tenants: [{ ...one, keys: [fileKey('a'), { sha256: 'typo' }] }, two] },
      [ALL[0] ?? '', ALL[2] ?? ''],
    ],
    [
      'a key beside one that is no object',
      { tenants: [{ ...one, keys: [7, fileKey('b')] }, two] },
      [ALL[1] ?? '', ALL[2] ?? ''],
    ],
    [
      'a key that moved to another tenant',
      {
        tenants: [
          { ...one, keys: [fileKey('a')] },
          { ...two, keys: [fileKey('b'), fileKey('c')] },
        ],
      },
      [ALL[0] ?? '', ALL[2] ?? ''],
    ],
  ])('takes away %s', (_what, file, keys) => expect(left(file)).toEqual(keys));

  it.each<[string, unknown]>([
    ['nothing is gone', { tenants: [one, two] }],
    ['a key is new', { tenants: [one, { ...two, keys: [fileKey('c'), fileKey('d')] }] }],
    [
      'a scope is new',
      {
        tenants: [
          one,
          { ...two, keys: [fileKey('c', { scopes: ['read', 'introspect', 'product-orders:write'] })] },
        ],
      },
    ],
    ['the scopes cannot be read', { tenants: [one, { ...two, keys: [fileKey('c', { scopes: ['raed'] })] }] }],
    ['the keys cannot be read', { tenants: [one, { id: 'two', keys: 'c' }] }],
    ['the id of one tenant cannot be read', { tenants: [one, { ...two, id: 'two words' }] }],
    ['one tenant is no object', { tenants: [one, null] }],
  ])('takes nothing away when %s', (_what, file) => expect(left(file)).toEqual(ALL));

  it.each([null, [], {}, { tenants: {} }, 'x'])(
    'takes nothing away when it has no list of tenants: %j',
    (file) => expect(left(file)).toBeUndefined(),
  );
});
