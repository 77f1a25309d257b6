import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { IdempotencyFileError } from '../../src/store/sqlite-database.ts';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
import { IdempotencyStoreUnavailable } from '../../src/upstream/errors.ts';
import type { Credentials } from '../../src/upstream/keys/credentials.ts';
import { Secret } from '../../src/upstream/keys/secret.ts';
import { createWriteIdentity } from '../../src/upstream/writes/write-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'outcomes-'));
const file = join(folder, 'sub', 'outcomes.sqlite');
afterEach(() => rmSync(join(folder, 'sub'), { recursive: true, force: true }));

const DAY_MS = 86_400_000;
const write = { tenant: 't', key: 'k', fingerprint: 'f' };
const order = { productOrderId: 'id', prefillUrl: 'https://portal.example/id' };

describe('the store of outcomes', () => {
  it('tells whether a key is new, open, made, refused or taken', async () => {
    const store = await openSqliteIdempotencyStore({ file: ':memory:', now: () => 7 });
    expect(await store.claim(write)).toEqual({ state: 'new', at: 7, token: expect.any(String) });
    expect(await store.claim(write)).toEqual({ state: 'open', at: 7 });
    expect(await store.claim({ ...write, fingerprint: 'g' })).toEqual({ state: 'taken' });
    await store.made(write, order, 'ref');
    expect(await store.claim(write)).toEqual({ state: 'made', at: 7, order });
    expect(await store.madeAt(['ref', 'other'])).toEqual([7, undefined]);
    const refused = { ...write, key: 'r' };
    await store.claim(refused);
    await store.refused(refused, ['website.url']);
    expect(await store.claim(refused)).toMatchObject({ state: 'refused', fields: ['website.url'] });
  });

  it('keeps tenants apart', async () => {
    const store = await openSqliteIdempotencyStore({ file: ':memory:' });
    await store.claim(write);
    expect(await store.claim({ ...write, tenant: 'u' })).toMatchObject({ state: 'new' });
  });

  it('frees a key whose write did not happen, and never one whose write did', async () => {
    const store = await openSqliteIdempotencyStore({ file: ':memory:' });
    const release = async () => {
      const claim = await store.claim(write);
      if (claim.state !== 'new') throw new Error(claim.state);
      return () => store.release(write, claim.token);
    };
    await (await release())();
    const late = await release();
    await store.made(write, order, 'ref');
    await late();
    expect(await store.claim(write)).toMatchObject({ state: 'made' });
  });

  it('leaves a key that somebody else has claimed since', async () => {
    const store = await openSqliteIdempotencyStore({ file: ':memory:' });
    const first = await store.claim(write);
    await store.claim(write);
    await store.release(write, first.state === 'new' ? first.token : '');
    expect(await store.claim(write)).toMatchObject({ state: 'open' });
  });

  it('keeps an outcome whose claim is gone', async () => {
    const store = await openSqliteIdempotencyStore({ file: ':memory:' });
    await store.made(write, order, 'ref');
    expect(await store.claim(write)).toMatchObject({ state: 'made', order });
  });

  it('waits for another process that writes, and holds nobody else up', async () => {
    const store = await openSqliteIdempotencyStore({ file });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const turning = setInterval(() => turns++, 5);
    const claim = store.claim(write);
    await new Promise((resolve) => setTimeout(resolve, 150));
    other.exec('COMMIT');
    expect(await claim).toMatchObject({ state: 'new' });
    clearInterval(turning);
    expect(turns).toBeGreaterThan(5);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.claim({ ...write, key: 'x' })).rejects.toThrow(IdempotencyStoreUnavailable);
    other.close();
    store.close();
  });

  it('outlives the process', async () => {
    const first = await openSqliteIdempotencyStore({ file });
    await first.claim(write);
    await first.made(write, order, 'ref');
    first.close();
    const second = await openSqliteIdempotencyStore({ file });
    expect(await second.claim(write)).toMatchObject({ state: 'made', order });
    second.close();
  });

  it('may be used by two processes at once', async () => {
    const [one, other] = [
      await openSqliteIdempotencyStore({ file }),
      await openSqliteIdempotencyStore({ file }),
    ];
    expect(await one.claim(write)).toMatchObject({ state: 'new' });
    expect(await other.claim(write)).toMatchObject({ state: 'open' });
    one.close();
    other.close();
  });

  it('belongs to its owner alone', async () => {
    const store = await openSqliteIdempotencyStore({ file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'sub')).mode & 0o777).toBe(0o700);
    store.close();
  });

  it('forgets the oldest of a tenant that has too many, and nobody else', async () => {
    const store = await openSqliteIdempotencyStore({ file: ':memory:', most: 100 });
    await store.claim({ ...write, tenant: 'quiet' });
    for (let index = 0; index < 1_000; index++) await store.claim({ ...write, key: `k${index}` });
    const known = async (key: string) => (await store.claim({ ...write, key })).state === 'open';
    expect(await known('k999')).toBe(true);
    expect(await known('k500')).toBe(false);
    expect(await store.claim({ ...write, tenant: 'quiet' })).toMatchObject({ state: 'open' });
  });

  it('forgets what is older than four weeks', async () => {
    let now = 0;
    const store = await openSqliteIdempotencyStore({ file: ':memory:', now: () => now });
    await store.claim(write);
    now = 29 * DAY_MS;
    for (let index = 0; index < 200; index++) await store.claim({ ...write, key: `k${index}` });
    expect(await store.claim(write)).toMatchObject({ state: 'new' });
  });

  it('says why a file cannot be used', async () => {
    const store = await openSqliteIdempotencyStore({ file });
    store.close();
    writeFileSync(file, 'not a database, but long enough to be looked at as one'.repeat(20));
    await expect(openSqliteIdempotencyStore({ file })).rejects.toThrow(IdempotencyFileError);
    rmSync(file);
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(openSqliteIdempotencyStore({ file })).rejects.toThrow('newer version');
  });
});

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
    const store = await openSqliteIdempotencyStore({ file });
    const body = JSON.stringify({ website: { testWebsitePassword: 'hunter2' }, account: '86011117947' });
    const ref = {
      tenant: identity.tenant(),
      key: identity.keyOf('my-key'),
      fingerprint: identity.fingerprintOf('my-key', body),
    };
    await store.claim(ref);
    await store.made(ref, order, identity.orderOf('id'));
    const bytes = readFileSync(file).toString('latin1') + readFileSync(`${file}-wal`).toString('latin1');
    expect(bytes).toContain(ref.fingerprint);
    for (const word of ['hunter2', '86011117947', 'my-key', 'secret', 'a:b'])
      expect(bytes).not.toContain(word);
    store.close();
  });
});
