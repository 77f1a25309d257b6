import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationFreshness } from '../../src/config/configuration-freshness.ts';
import type { TenantEntry } from '../../src/config/tenants/tenant-entry.ts';
import { watchTenants } from '../../src/config/tenants/watch-tenants.ts';
import type { Log } from '../../src/telemetry/log.ts';
import { badFiles, clear, isRoot, mountAsKubernetes } from '../support/bad-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tenants-trouble-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'tenants.json');
const files = { now: () => 0 };
const LOOK_MS = 400;

const textOf = (...ids: string[]) =>
  JSON.stringify({
    tenants: ids.map((id) => ({
      id,
      upstream: { clientId: 'id', clientSecret: 'canary', subscriptionKey: 'canary' },
      keys: [{ sha256: createHash('sha256').update(id).digest('hex'), scopes: ['read'] }],
    })),
  });

let lines: { level: string; said: unknown; msg: unknown }[];
let seen: string[];
let unwatch: () => void;
const write = (level: string) => (said: unknown, msg: unknown) => lines.push({ level, said, msg });
const log = { error: write('error'), warn: write('warn'), info: write('info') } as unknown as Log;
const errors = () => lines.filter(({ level }) => level === 'error');
const looks = (times: number) => vi.advanceTimersByTime(times * LOOK_MS);
const onChange = (entries: readonly TenantEntry[]) => seen.push(entries.map(({ id }) => id).join());

const watch = (file: string, change: (entries: readonly TenantEntry[]) => unknown = onChange) =>
  watchTenants(file, {
    files,
    log,
    entries: [],
    freshness: new ConfigurationFreshness(),
    onChange: change,
  });

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  seen = [];
  writeFileSync(path, textOf('good'));
  unwatch = watch(path);
  looks(1);
});
afterEach(() => {
  unwatch();
  vi.useRealTimers();
  clear(path);
});

it.each(Object.entries(badFiles))(
  'keeps what was read when the file becomes %s, says so once, and recovers',
  { timeout: 2_000 },
  (_what, { make }) => {
    clear(path);
    make(path, textOf('intruder'));
    looks(50);
    expect(seen).toEqual(['good']);
    expect(errors()).toEqual([
      {
        level: 'error',
        said: { mistakes: [expect.stringMatching(/^names a file that cannot be read/)] },
        msg: expect.stringMatching(/^TENANTS_FILE has mistakes/),
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/canary|intruder|tenants-trouble/);
    clear(path);
    writeFileSync(path, textOf('good', 'new'));
    looks(2);
    expect(seen).toEqual(['good', 'good,new']);
    expect(errors()).toHaveLength(1);
  },
);

describe('the watch on the tenants file', () => {
  it('outlives a folder that it may not enter, and sees the same trouble again the next time', () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    const file = join(inner, 'tenants.json');
    writeFileSync(file, textOf('good'));
    unwatch();
    unwatch = watch(file);
    looks(1);
    for (let time = 1; time <= 2; time++) {
      // Root may look anywhere, so that the folder is moved away for it, behind a file.
      renameSync(inner, `${inner}.away`);
      writeFileSync(inner, '');
      looks(5);
      expect(errors()).toHaveLength(time);
      rmSync(inner);
      renameSync(`${inner}.away`, inner);
      looks(1);
      expect(lines.at(-1)).toMatchObject({ level: 'info' });
    }
    expect(seen).toEqual(['good', 'good']);
  });

  it('outlives EACCES', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: isRoot ? 0o700 : 0o000 });
    unwatch();
    unwatch = watch(join(closed, 'tenants.json'));
    if (isRoot) process.seteuid?.(54_322);
    try {
      looks(5);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    expect(errors()).toMatchObject([
      { said: { mistakes: ['names a file that cannot be read: permission denied'] } },
    ]);
  });

  it('says it once although the trouble changes its shape at every look', () => {
    for (let time = 0; time < 20; time++) {
      clear(path);
      symlinkSync('/dev/null', path);
      looks(1);
    }
    expect(errors()).toHaveLength(1);
  });

  it('outlives a change that cannot be applied, and tries again', () => {
    unwatch();
    let failing = true;
    unwatch = watch(path, (entries) => {
      if (failing) throw new Error('not now');
      onChange(entries);
    });
    looks(5);
    expect(errors()).toMatchObject([
      { said: { mistakes: ['cannot be applied'], err: { message: 'not now' } } },
    ]);
    failing = false;
    looks(1);
    expect(seen).toEqual(['good', 'good']);
  });

  it('follows the links of a mounted file, and sees the swap', () => {
    const mount = join(folder, 'mount');
    mkdirSync(mount);
    const mounted = mountAsKubernetes(mount, 'tenants.json', textOf('first'));
    unwatch();
    unwatch = watch(mounted);
    looks(1);
    mountAsKubernetes(mount, 'tenants.json', textOf('second'), 'second');
    looks(1);
    expect(seen).toEqual(['good', 'first', 'second']);
    expect(errors()).toEqual([]);
  });

  it('names a few of many mistakes', () => {
    writeFileSync(path, JSON.stringify({ tenants: Array(20_000).fill({}) }));
    looks(1);
    const { mistakes = [] } = (errors()[0]?.said ?? {}) as { mistakes?: string[] };
    expect(mistakes).toHaveLength(51);
    expect(mistakes.at(-1)).toMatch(/^and \d+ more mistakes$/);
  });
});
