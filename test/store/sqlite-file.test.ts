import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { IdempotencyFileError } from '../../src/store/sqlite-database.ts';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
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

/** Why a file is refused. */
const refusalOf = (path: string): Promise<string> =>
  openSqliteIdempotencyStore({ file: path }).then(
    (store) => {
      store.close();
      return 'opened';
    },
    (error: Error) => (error instanceof IdempotencyFileError ? error.message : `not coded: ${error.message}`),
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
