import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
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
import { OutcomesUnavailable } from '../../src/upstream/errors.ts';
import type { OutcomeStore } from '../../src/upstream/outcome-store.ts';
import { OutcomesFileError } from '../../src/upstream/outcomes-database.ts';
import { openSqliteOutcomes } from '../../src/upstream/sqlite-outcomes.ts';
import { badFiles, clear, isRoot } from '../support/bad-files.ts';

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
/** Why a file is refused. */
const refusalOf = (path: string): Promise<string> =>
  openSqliteOutcomes({ file: path }).then(
    (store) => {
      store.close();
      return 'opened';
    },
    (error: Error) => (error instanceof OutcomesFileError ? error.message : `not coded: ${error.message}`),
  );

describe('a path that can never be made', () => {
  it.each([
    '/proc/x/outcomes.sqlite',
    '/proc/self/x/y/z',
    '/proc/self/environ',
    '/proc/version',
    '/sys/x/outcomes.sqlite',
    '/sys/kernel/x',
    '/sys/kernel/uevent_seqnum',
    '/dev/null/x',
    '/dev/null',
    '/dev/full',
    '/dev/stdout',
    '/',
    '.',
    '/etc/passwd/x/y',
    'a\0b',
    `/tmp/${'n'.repeat(300)}`,
    `/tmp/${'n/'.repeat(5_000)}`,
  ])('is refused at once: %s', { timeout: 3_000 }, async (path) => {
    const refusal = await refusalOf(path);
    expect(refusal).not.toMatch(/^(opened|not coded)/);
    if (path.length > 1) expect(refusal).not.toContain(path);
  });

  it('is refused below a link to itself', async () => {
    symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
    expect(await refusalOf(join(folder, 'loop', 'a', 'b'))).toMatch(/symbolic links/);
  });

  it('is refused in a folder that the process may not write to', async () => {
    mkdirSync(join(folder, 'closed'), { mode: 0o500 });
    chmodSync(root, 0o755);
    if (isRoot) process.seteuid?.(54_322);
    try {
      expect(await refusalOf(join(folder, 'closed', 'a', 'b'))).toBe('permission denied');
      expect(await refusalOf(join(folder, 'closed', 'outcomes.sqlite'))).toBe('permission denied');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe('what another user could have a hand in', () => {
  const kinds = Object.entries(badFiles).filter(([what]) => !/no file|a huge file/.test(what));

  it.each(kinds)('is refused as the file itself: %s', async (_what, { make }) => {
    make(file, '');
    expect(await refusalOf(file)).toMatch(/^it (is|belongs)|its group or others/);
    clear(file);
  });

  it.each(['-wal', '-shm', '-journal'])('is refused beside the file: %s', async (extra) => {
    for (const [what, { make }] of kinds) {
      make(file + extra, '');
      expect(await refusalOf(file), what).toMatch(/^it (is|belongs)|its group or others/);
      clear(file + extra);
      clear(file);
    }
  });

  it('is left as it was: a link leads nowhere, not even to a new file', async () => {
    const target = join(folder, 'target');
    symlinkSync(target, file);
    expect(await refusalOf(file)).toBe('it is a symbolic link, which is not followed');
    expect(existsSync(target)).toBe(false);
    writeFileSync(target, 'precious', { mode: 0o644 });
    await refusalOf(file);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(statSync(target).mode & 0o777).toBe(0o644);
  });

  it('is refused with a second name', async () => {
    writeFileSync(join(folder, 'precious'), '', { mode: 0o600 });
    linkSync(join(folder, 'precious'), file);
    expect(await refusalOf(file)).toMatch(/hard link/);
  });

  it('only reads: the mode is narrowed', async () => {
    writeFileSync(file, '', { mode: 0o644 });
    expect(await refusalOf(file)).toBe('opened');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

it('takes its name for a path, never for a URL that keeps nothing', async () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(await refusalOf('file:outcomes?mode=memory')).toBe('opened');
    expect(statSync('file:outcomes?mode=memory').size).toBeGreaterThan(0);
  } finally {
    process.chdir(before);
  }
});

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
    const store = await openSqliteOutcomes({ file });
    await store.claim(write);
    await store.made(write, order, 'ref');
    happen(file);
    await expect(store.claim({ ...write, key: 'new' })).rejects.toThrow(OutcomesUnavailable);
    await expect(store.made({ ...write, key: 'new' }, order, 'r')).rejects.toThrow(OutcomesUnavailable);
    await expect(store.refused({ ...write, key: 'new' }, [])).rejects.toThrow(OutcomesUnavailable);
    await expect(store.release(write, 'token')).rejects.toThrow(OutcomesUnavailable);
    await store.madeAt(['ref']).catch((error) => expect(error).toBeInstanceOf(OutcomesUnavailable));
    store.close();
    rmSync(join(root, 'moved-folder'), { recursive: true, force: true });
  });

  it('keeps its promises again when it is back', async () => {
    const store = await openSqliteOutcomes({ file });
    await store.claim(write);
    renameSync(file, `${file}.moved`);
    await expect(store.claim({ ...write, key: 'new' })).rejects.toThrow(OutcomesUnavailable);
    renameSync(`${file}.moved`, file);
    expect(await store.claim(write)).toMatchObject({ state: 'open' });
    expect(await store.claim({ ...write, key: 'new' })).toMatchObject({ state: 'new' });
    store.close();
  });

  it('outlives a cut of the shared memory, which would end the process', async () => {
    const store = await openSqliteOutcomes({ file });
    await store.claim(write);
    await store.made(write, order, 'ref');
    for (const length of [0, 1, 4_096]) {
      truncateSync(`${file}-shm`, length);
      expect(await store.madeAt(['ref'])).toEqual([expect.any(Number)]);
      truncateSync(`${file}-shm`, length);
      expect(await store.claim(write)).toMatchObject({ state: 'made', order });
      truncateSync(`${file}-shm`, length);
      expect(await store.claim({ ...write, key: `new ${length}` })).toMatchObject({ state: 'new' });
    }
    truncateSync(`${file}-shm`, 0);
    store.close();
    const again = await openSqliteOutcomes({ file });
    expect(await again.claim({ ...write, key: 'new 0' })).toMatchObject({ state: 'open' });
    again.close();
  });

  it('refuses new claims when the disk is full, and reads what it knows', async () => {
    const store = await openSqliteOutcomes({ file });
    await store.claim(write);
    await store.made(write, order, 'ref');
    const fill = async (left: OutcomeStore) => {
      for (let index = 0; index < 20_000; index++) await left.claim({ ...write, key: `k${index}` });
    };
    const limited = await openLimited();
    await expect(fill(limited)).rejects.toThrow(OutcomesUnavailable);
    expect(await limited.madeAt(['ref'])).toEqual([expect.any(Number)]);
    limited.close();
    expect(await store.claim(write)).toMatchObject({ state: 'made', order });
    store.close();
  });

  /** SQLite says the same at its own limit as on a full disk: SQLITE_FULL. */
  async function openLimited(): Promise<OutcomeStore> {
    const { DatabaseSync } = await import('node:sqlite');
    const prepare = DatabaseSync.prototype.prepare;
    DatabaseSync.prototype.prepare = function (text: string) {
      this.exec('PRAGMA max_page_count = 40');
      return prepare.call(this, text);
    };
    try {
      return await openSqliteOutcomes({ file });
    } finally {
      DatabaseSync.prototype.prepare = prepare;
    }
  }
});
