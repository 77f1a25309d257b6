import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
import { IdempotencyStoreUnavailable } from '../../src/upstream/errors.ts';
import type { IdempotencyStore } from '../../src/upstream/writes/idempotency-store.ts';
import { isRoot } from '../support/bad-files.ts';

const root = mkdtempSync(join(tmpdir(), 'outcomes-file-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
let file: string;
let tests = 0;
beforeEach(() => {
  folder = join(root, String(tests++));
  mkdirSync(folder);
  file = join(folder, 'outcomes.sqlite');
});

const write = { tenant: 't', key: 'k', fingerprint: 'f' };
const order = { productOrderId: 'id', prefillUrl: 'https://portal.example/id' };
describe('a file that something happens to while the gateway runs', () => {
  const troubles: Record<string, (path: string) => void> = {
    'it is deleted': (path) => rmSync(path),
    'it is replaced by a copy': (path) => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
    'it is replaced by a link to itself under another name': (path) => {
      renameSync(path, `${path}.moved`);
      symlinkSync(`${path}.moved`, path);
    },
    'it is moved': (path) => renameSync(path, `${path}.moved`),
    'it gets a second name': (path) => linkSync(path, `${path}.second`),
    'others may write to it': (path) => chmodSync(path, 0o666),
    'its log is deleted': (path) => rmSync(`${path}-wal`),
    'its log is replaced by a pipe': (path) => {
      rmSync(`${path}-wal`);
      execFileSync('mkfifo', [`${path}-wal`]);
    },
    'its shared memory is deleted': (path) => rmSync(`${path}-shm`),
    'its folder is moved': (path) => renameSync(join(path, '..'), join(path, '..', '..', 'moved-folder')),
    'its folder is deleted': (path) => rmSync(join(path, '..'), { recursive: true }),
    'it is damaged': (path) => {
      for (const extra of ['', '-wal']) {
        const { size } = statSync(path + extra);
        writeFileSync(path + extra, Buffer.alloc(size, 0xa5), { flag: 'r+' });
      }
    },
    ...(isRoot && { 'another user owns it': (path: string) => chownSync(path, 54_321, 54_321) }),
  };

  it.each(Object.entries(troubles))('keeps no promise when %s', async (_what, happen) => {
    const store = await openSqliteIdempotencyStore({ file });
    await store.claim(write);
    await store.recordSuccess(write, order, 'ref');
    happen(file);
    await expect(store.claim({ ...write, key: 'new' })).rejects.toThrow(IdempotencyStoreUnavailable);
    await expect(store.recordSuccess({ ...write, key: 'new' }, order, 'r')).rejects.toThrow(
      IdempotencyStoreUnavailable,
    );
    await expect(store.recordRefusal({ ...write, key: 'new' }, [])).rejects.toThrow(
      IdempotencyStoreUnavailable,
    );
    await expect(store.release(write, 'token')).rejects.toThrow(IdempotencyStoreUnavailable);
    await store.madeAt(['ref']).catch((error) => expect(error).toBeInstanceOf(IdempotencyStoreUnavailable));
    store.close();
    rmSync(join(root, 'moved-folder'), { recursive: true, force: true });
  });

  it('keeps its promises again when it is back', async () => {
    const store = await openSqliteIdempotencyStore({ file });
    await store.claim(write);
    renameSync(file, `${file}.moved`);
    await expect(store.claim({ ...write, key: 'new' })).rejects.toThrow(IdempotencyStoreUnavailable);
    renameSync(`${file}.moved`, file);
    expect(await store.claim(write)).toMatchObject({ state: 'pending' });
    expect(await store.claim({ ...write, key: 'new' })).toMatchObject({ state: 'new' });
    store.close();
  });

  it('outlives a cut of the shared memory, which would end the process', async () => {
    const store = await openSqliteIdempotencyStore({ file });
    await store.claim(write);
    await store.recordSuccess(write, order, 'ref');
    for (const length of [0, 1, 4_096]) {
      truncateSync(`${file}-shm`, length);
      expect(await store.madeAt(['ref'])).toEqual([expect.any(Number)]);
      truncateSync(`${file}-shm`, length);
      expect(await store.claim(write)).toMatchObject({ state: 'succeeded', order });
      truncateSync(`${file}-shm`, length);
      expect(await store.claim({ ...write, key: `new ${length}` })).toMatchObject({ state: 'new' });
    }
    truncateSync(`${file}-shm`, 0);
    store.close();
    const again = await openSqliteIdempotencyStore({ file });
    expect(await again.claim({ ...write, key: 'new 0' })).toMatchObject({ state: 'pending' });
    again.close();
  });

  it('refuses new claims when the disk is full, and reads what it knows', async () => {
    const store = await openSqliteIdempotencyStore({ file });
    await store.claim(write);
    await store.recordSuccess(write, order, 'ref');
    const fill = async (left: IdempotencyStore) => {
      for (let index = 0; index < 20_000; index++) await left.claim({ ...write, key: `k${index}` });
    };
    const limited = await openLimited();
    await expect(fill(limited)).rejects.toThrow(IdempotencyStoreUnavailable);
    expect(await limited.madeAt(['ref'])).toEqual([expect.any(Number)]);
    limited.close();
    expect(await store.claim(write)).toMatchObject({ state: 'succeeded', order });
    store.close();
  });

  /** SQLite says the same at its own limit as on a full disk: SQLITE_FULL. */
  async function openLimited(): Promise<IdempotencyStore> {
    const { DatabaseSync } = await import('node:sqlite');
    const prepare = DatabaseSync.prototype.prepare;
    DatabaseSync.prototype.prepare = function (text: string) {
      this.exec('PRAGMA max_page_count = 40');
      return prepare.call(this, text);
    };
    try {
      return await openSqliteIdempotencyStore({ file });
    } finally {
      DatabaseSync.prototype.prepare = prepare;
    }
  }
});
