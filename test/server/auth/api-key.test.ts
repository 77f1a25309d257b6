import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TenantKeyEntry } from '../../../src/config/tenants/tenant-entry.ts';
import { byApiKey } from '../../../src/server/auth/api-key.ts';
import type { Tenants } from '../../../src/server/auth/tenants.ts';
import { Unauthenticated } from '../../../src/server/errors/request-errors.ts';
import type { UpstreamClient } from '../../../src/upstream/client.ts';

const KEY = 'mg_0123456789abcdefghijklmnopqrstuvwxyz';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const entry: TenantKeyEntry = { sha256: sha256(KEY), name: 'shop', scopes: ['read'], audience: 'browser' };
const tenant = { id: 'acme', client: {} as UpstreamClient, limits: {} };

function callersWith(entries: Record<string, TenantKeyEntry> = { [entry.sha256]: entry }) {
  const looked: string[] = [];
  const owners = new Map(Object.entries(entries).map(([hash, key]) => [hash, { tenant, key }]));
  const tenants = {
    byKeyHash(hash: string) {
      looked.push(hash);
      return owners.get(hash);
    },
  } as Tenants;
  const method = byApiKey(tenants);
  const ask = (authorization: string | undefined) =>
    method({ header: (name) => (name === 'authorization' ? authorization : undefined) });
  return { ask, looked, owners };
}

describe('callers with a key of the gateway', () => {
  it('are who the entry of their key says', () => {
    expect(callersWith().ask(`Bearer ${KEY}`)).toMatchObject({
      id: 'key shop',
      tenantId: 'acme',
      client: tenant.client,
      scopes: new Set(['read']),
      audience: 'browser',
    });
  });

  it('are identified by a part of the hash when the entry has no name, never by the key', () => {
    const { ask } = callersWith({ [entry.sha256]: { ...entry, name: undefined } });
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  '])
      expect(ask(`${scheme} ${KEY}`)).toMatchObject({ id: `key ${entry.sha256.slice(0, 8)}` });
  });

  // What is compared is a hash, in which a prefix of the key cannot be seen: its time tells nothing.
  it('are looked up by the hash of the whole key', () => {
    const { ask, looked } = callersWith();
    for (let length = 3; length < KEY.length; length++)
      expect(() => ask(`Bearer ${KEY.slice(0, length)}`)).toThrow(Unauthenticated);
    expect(looked).toEqual(Array.from({ length: KEY.length - 3 }, (_, i) => sha256(KEY.slice(0, i + 3))));
  });

  it('are refused when the entry that was found has another hash', () => {
    const { ask } = callersWith({ [sha256('mg_other')]: entry });
    expect(() => ask('Bearer mg_other')).toThrow(Unauthenticated);
  });

  it.each([
    ['too long', `Bearer mg_${'x'.repeat(254)}`],
    ['wrong', `Bearer ${KEY}A`],
    ['empty', 'Bearer mg_'],
  ])('are refused with a key that is %s', (_what, authorization) => {
    expect(() => callersWith().ask(authorization)).toThrow(Unauthenticated);
  });

  it('cost no hash for a key that is too long to be one', () => {
    const { ask, looked } = callersWith();
    expect(() => ask(`Bearer mg_${'x'.repeat(1_000_000)}`)).toThrow('too long');
    expect(looked).toEqual([]);
  });

  it('are the same at each request', () => {
    const { ask } = callersWith();
    expect(ask(`Bearer ${KEY}`)).toBe(ask(`Bearer ${KEY}`));
  });

  it('are refused at once when their key is revoked, and others when it is given to another', () => {
    const { ask, owners } = callersWith();
    const before = ask(`Bearer ${KEY}`);
    owners.set(entry.sha256, { tenant: { ...tenant, id: 'other' }, key: entry });
    expect(ask(`Bearer ${KEY}`)).toMatchObject({ tenantId: 'other' });
    expect(ask(`Bearer ${KEY}`)).not.toBe(before);
    owners.clear();
    expect(() => ask(`Bearer ${KEY}`)).toThrow(Unauthenticated);
  });

  it.each([undefined, '', KEY, `Basic ${KEY}`, 'Bearer eyJ.x.y', `Bearer ${KEY} ${KEY}`])(
    'are left to other methods when they send %s',
    (authorization) => {
      expect(callersWith().ask(authorization)).toBeUndefined();
    },
  );
});
