import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileSecret } from '../../src/config/files/secret-file.ts';
import { badFiles, clear } from '../support/bad-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'secret-trouble-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'secret');

it.each([...Object.entries(badFiles), ['an empty file', { make: () => writeFileSync(path, '') }] as const])(
  'keeps the last good secret when its file becomes %s, says so once, and takes the next one',
  { timeout: 2_000 },
  (_what, { make }) => {
    let now = 0;
    const problems: (string | undefined)[] = [];
    writeFileSync(path, 'first\n');
    const files = { now: () => now, onProblem: (_name: string, problem?: string) => problems.push(problem) };
    const secret = fileSecret(path, 'X_FILE', files, (mistake) => expect.fail(mistake));
    const revealLater = () => {
      now += 1_001;
      return secret?.reveal();
    };
    expect(revealLater()).toBe('first');
    clear(path);
    make(path, 'intruder');
    for (let time = 0; time < 5; time++) expect(revealLater()).toBe('first');
    expect(problems).toEqual([expect.any(String)]);
    expect(problems.join()).not.toMatch(/intruder|first|secret-trouble/);
    clear(path);
    writeFileSync(path, 'second\n');
    expect(revealLater()).toBe('second');
    expect(problems).toEqual([expect.any(String), undefined]);
    clear(path);
  },
);
