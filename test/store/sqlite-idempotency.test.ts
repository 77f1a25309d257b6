import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { IdempotencyFileError } from '../../src/store/sqlite-database.ts';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
import { IdempotencyStoreUnavailable } from '../../src/upstream/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'outcomes-'));
const file = join(folder, 'sub', 'outcomes.sqlite');
afterEach(() => rmSync(join(folder, 'sub'), { recursive: true, force: true }));

const write = { tenant: 't', key: 'k', fingerprint: 'f' };
const order = { productOrderId: 'id', prefillUrl: 'https://portal.example/id' };

describe('the SQLite store', () => {
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
    await first.recordSuccess(write, order, 'ref');
    first.close();
    const second = await openSqliteIdempotencyStore({ file });
    expect(await second.claim(write)).toMatchObject({ state: 'succeeded', order });
    second.close();
  });

  it('reads the states that earlier versions have stored', async () => {
    const store = await openSqliteIdempotencyStore({ file, now: () => 7 });
    const other = new DatabaseSync(file);
    const insert = other.prepare(
      "INSERT INTO writes (tenant, key, fingerprint, state, outcome, token, at) VALUES ('t', ?, 'f', ?, ?, '', 7)",
    );
    insert.run('open', 'open', null);
    insert.run('made', 'made', JSON.stringify(order));
    insert.run('refused', 'refused', JSON.stringify(['website.url']));
    other.close();
    const claim = (key: string) => store.claim({ ...write, key });
    expect(await claim('open')).toEqual({ state: 'pending', at: 7 });
    expect(await claim('made')).toEqual({ state: 'succeeded', at: 7, order });
    expect(await claim('refused')).toEqual({ state: 'refused', at: 7, fields: ['website.url'] });
    store.close();
  });

  it('may be used by two processes at once', async () => {
    const [one, other] = [
      await openSqliteIdempotencyStore({ file }),
      await openSqliteIdempotencyStore({ file }),
    ];
    expect(await one.claim(write)).toMatchObject({ state: 'new' });
    expect(await other.claim(write)).toMatchObject({ state: 'pending' });
    one.close();
    other.close();
  });

  it('belongs to its owner alone', async () => {
    const store = await openSqliteIdempotencyStore({ file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'sub')).mode & 0o777).toBe(0o700);
    store.close();
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
