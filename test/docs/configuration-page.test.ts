import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { variableNames } from '../../src/config/env.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

it('lists every variable that is read in a table of docs/configuration.md, and no other', () => {
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|')[1] ?? '');
  const listed = cells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
  expect(listed.sort()).toEqual([...variableNames].sort());
});
