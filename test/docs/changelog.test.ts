import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('has the version of the package as its newest release', () => {
  const [newest] = [...read('CHANGELOG.md').matchAll(/^## (\S+) - \d{4}-\d\d-\d\d$/gm)].map(
    ([, version]) => version,
  );
  const { version } = JSON.parse(read('package.json'));
  expect(newest).toBe(version);
  expect(JSON.parse(read('package-lock.json')).version).toBe(version);
});
