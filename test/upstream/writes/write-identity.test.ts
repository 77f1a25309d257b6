import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteIdempotencyStore } from '../../../src/store/sqlite-idempotency.ts';
import type { Credentials } from '../../../src/upstream/keys/credentials.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import { createWriteIdentity } from '../../../src/upstream/writes/write-identity.ts';

const order = { productOrderId: 'id', prefillUrl: 'https://portal.example/id' };

describe('what stands for a write', () => {
  const credentials = (changes: object = {}): Credentials => ({
    clientId: 'a:b',
    clientSecret: new Secret('secret'),
    tokenFlow: 'accesstoken',
    ...changes,
  });
  const identity = createWriteIdentity('https://api.example', credentials());

  it('differs between tenants, upstreams, secrets, and parts that only look alike when joined', () => {
    const others = [
      createWriteIdentity('https://other.example', credentials()),
      createWriteIdentity('https://api.example', credentials({ clientId: 'a' })),
      createWriteIdentity('https://api.example', credentials({ clientSecret: new Secret('other') })),
      createWriteIdentity('https://api.example', credentials({ merchantSerialNumber: '1234' })),
      createWriteIdentity('https://api.example', credentials({ tokenFlow: 'miami' })),
    ];
    const all = [identity, ...others];
    expect(new Set(all.map((one) => one.tenant())).size).toBe(all.length);
    expect(new Set(all.map((one) => one.keyOf('k'))).size).toBe(all.length);
    expect(identity.fingerprintOf('k:1', 'b')).not.toBe(identity.fingerprintOf('k', ':1b'));
  });

  it('holds nothing of what it stands for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'write-identity-'));
    const file = join(folder, 'outcomes.sqlite');
    const store = await openSqliteIdempotencyStore({ file });
    const body = JSON.stringify({ website: { testWebsitePassword: 'hunter2' }, account: '86011117947' });
    const ref = {
      tenant: identity.tenant(),
      key: identity.keyOf('my-key'),
      fingerprint: identity.fingerprintOf('my-key', body),
    };
    await store.claim(ref);
    await store.recordSuccess(ref, order, identity.orderOf('id'));
    const bytes = readFileSync(file).toString('latin1') + readFileSync(`${file}-wal`).toString('latin1');
    expect(bytes).toContain(ref.fingerprint);
    for (const word of ['hunter2', '86011117947', 'my-key', 'secret', 'a:b'])
      expect(bytes).not.toContain(word);
    store.close();
    rmSync(folder, { recursive: true });
  });
});
