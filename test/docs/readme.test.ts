import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variableNames } from '../../src/config/env.ts';
import { errorCodes } from '../../src/server/errors/codes.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = (title: string) => readme.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
/** The cells of the tables in a section, without the two head lines. */
const rows = (title: string) =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
const names = (cell = '') => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name);

describe('the README', () => {
  it('lists every variable that is read, and no other', () => {
    expect(
      rows('Configuration')
        .flatMap(([, cell]) => names(cell))
        .sort(),
    ).toEqual([...variableNames].sort());
  });

  it('lists every error code with whether to try again', () => {
    const listed = rows('Errors').map(([, code, , again]) => [...names(code), again === 'yes']);
    expect(listed).toEqual(Object.entries(errorCodes).map(([code, { retryable }]) => [code, retryable]));
  });

  it('names no file that does not exist', () => {
    for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(() => readFileSync(new URL(`../${path}`, import.meta.url)), path).not.toThrow();
  });
});
