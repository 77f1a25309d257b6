import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeFileProblem } from '../../../src/config/files/file-problem.ts';
import { readSmallFile, stateOfFile } from '../../../src/config/files/read-small-file.ts';
import { fileSecret } from '../../../src/config/files/secret-file.ts';
import { readTenantsFile } from '../../../src/config/tenants/tenants-file.ts';
import { readTrustedDocumentsFile } from '../../../src/config/trusted-documents.ts';
import { badFiles, clear, isRoot, mountAsKubernetes } from '../../support/bad-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'small-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'file');
const TEXT = 'canary-text';
const rules = { mostBytes: 1_000, holdsAuthority: true };
const files = { now: () => 0 };

function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return describeFileProblem(error);
  }
}

const problem = expect.stringMatching(/^names a file that cannot be read/);

it.each(Object.entries(badFiles))(
  '%s is refused at once, in words that name neither path nor content',
  { timeout: 2_000 },
  (_what, { make }) => {
    make(path, TEXT);
    const said = problemOf(() => readSmallFile(path, rules));
    expect(said).toMatch(/^[a-z]/);
    expect(said).not.toContain(folder);
    expect(said).not.toContain(TEXT);
    expect(() => stateOfFile(path)).not.toThrow();

    const mistakes: string[] = [];
    expect(fileSecret(path, 'X_FILE', files, (mistake) => mistakes.push(mistake))).toBeUndefined();
    expect(mistakes).toEqual([expect.stringMatching(/^X_FILE: names a file that cannot be read/)]);
    expect(readTenantsFile(path, files)).toEqual({ mistakes: [problem] });
    clear(path);
  },
);

it.each(Object.entries(badFiles).filter(([, { onlyForAuthority }]) => !onlyForAuthority))(
  '%s holds no trusted documents',
  (_what, { make }) => {
    make(path, TEXT);
    expect(readTrustedDocumentsFile(path)).toEqual({ mistakes: [problem] });
    clear(path);
  },
);

describe('a small file', () => {
  it('is read through the links of a mounted secret, before and after a swap', () => {
    const mount = join(folder, 'mount');
    mkdirSync(mount);
    const mounted = mountAsKubernetes(mount, 'secret', 'one');
    const before = readSmallFile(mounted, rules);
    expect(before.text).toBe('one');
    expect(before.state).toBe(stateOfFile(mounted));
    mountAsKubernetes(mount, 'secret', 'two', 'second');
    expect(stateOfFile(mounted)).not.toBe(before.state);
    expect(readSmallFile(mounted, rules).text).toBe('two');
  });

  it.each([
    ['too long by a byte', 'a'.repeat(1_001), 'it has more than 1000 bytes'],
    ['as long as it may be', 'a'.repeat(1_000), undefined],
    ['empty', '', undefined],
  ])('that is %s', (_what, text, problem) => {
    writeFileSync(path, text);
    expect(problemOf(() => readSmallFile(path, rules))).toBe(problem);
    clear(path);
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from('\ufefftext'), 'text'],
    ['two marks', Buffer.from('\ufeff\ufefftext'), '\ufefftext'],
    ['a mark alone', Buffer.from('\ufeff'), ''],
    ['letters', Buffer.from('kjøtt'), 'kjøtt'],
  ])('has its text without the mark of Windows tools: %s', (_what, bytes, text) => {
    writeFileSync(path, bytes);
    expect(readSmallFile(path, rules).text).toBe(text);
    clear(path);
  });

  it.each([
    [
      'UTF-16 with a mark, as PowerShell writes it',
      Buffer.from('\ufefftext', 'utf16le'),
      'it is UTF-16: save it as UTF-8',
    ],
    ['big-endian UTF-16', Buffer.from('feff00740065', 'hex'), 'it is UTF-16: save it as UTF-8'],
    ['Latin-1', Buffer.from('kjøtt', 'latin1'), 'it is not UTF-8'],
  ])('that is %s is refused in words', (_what, bytes, said) => {
    writeFileSync(path, bytes);
    expect(problemOf(() => readSmallFile(path, rules))).toBe(said);
    clear(path);
  });

  it('with a mark can be a secret or a list of tenants', () => {
    writeFileSync(path, '\ufeffsecret\r\n');
    expect(fileSecret(path, 'X_FILE', files, () => {})?.reveal()).toBe('secret');
    writeFileSync(
      path,
      `\ufeff{"tenants":[{"id":"a","upstream":{"clientId":"a","clientSecret":"b","tokenFlow":"miami"}}]}`,
    );
    expect(readTenantsFile(path, files)).toMatchObject({ tenants: [{ id: 'a' }] });
    clear(path);
  });

  it.each([
    ['with a null character', 'a\0b'],
    ['with a name that is too long', 'a'.repeat(5_000)],
    ['below a file', 'file/below'],
  ])('at a path %s is refused', (_what, name) => {
    writeFileSync(path, TEXT);
    expect(problemOf(() => readSmallFile(join(folder, name), rules))).toMatch(/^[a-z]/);
    expect(stateOfFile(join(folder, name))).toMatch(/^[a-z]/);
    clear(path);
  });

  // Root may look into every folder, so that it becomes somebody else for a moment.
  it('in a folder that the process may not enter is refused, and its state can still be asked for', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: isRoot ? 0o700 : 0o000 });
    if (isRoot) process.seteuid?.(54_322);
    try {
      expect(problemOf(() => readSmallFile(join(closed, 'file'), rules))).toBe('permission denied');
      expect(stateOfFile(join(closed, 'file'))).toBe('permission denied');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('of root is good for every user', () => {
    if (isRoot) process.seteuid?.(54_322);
    try {
      const read = () => readSmallFile('/etc/passwd', { ...rules, mostBytes: 1_000_000 });
      expect(problemOf(read)).toBeUndefined();
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});
