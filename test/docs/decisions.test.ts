import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../../docs/decisions/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const records = readdirSync(folder).filter((name) => /^\d{4}-/.test(name));

it('lists every decision with its title, date and status, and gives no number twice', () => {
  const rows = records.map((name) => {
    const text = read(name);
    const [, title] = /^# (.+)$/m.exec(text) ?? [];
    const [, status, date] = /^Status: (\w+)[^\n]*\. Date: (\d{4}-\d\d-\d\d)/m.exec(text) ?? [];
    return `| ${name.slice(0, 4)} | [${title}](${name}) | ${date} | ${status} |`;
  });
  expect(
    read('README.md')
      .split('\n')
      .filter((line) => /^\| \d{4} /.test(line)),
  ).toEqual(rows);
  expect(new Set(records.map((name) => name.slice(0, 4))).size).toBe(records.length);
});
