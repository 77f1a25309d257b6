import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const page = readFileSync(at('SECURITY.md'), 'utf8');
const [, promises = ''] = /^## Promises\n([\s\S]*?)^## /m.exec(page) ?? [];

it('names for every promise of SECURITY.md a test that is there', () => {
  const rows = promises
    .split('\n')
    .filter((line) => /^\| [^P-]/.test(line) || /^\| [P](?!romise)/.test(line));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const tests = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);
    expect(tests, row).not.toEqual([]);
    expect(tests.filter((path) => !existsSync(at(path)))).toEqual([]);
  }
});
