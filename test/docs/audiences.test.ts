import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { audiences } from '../../src/config/scopes.ts';
import { operationLimits } from '../../src/server/limits/operation-limits.ts';

it('lists the limits of each audience in docs/callers.md', () => {
  const page = readFileSync(new URL('../../docs/callers.md', import.meta.url), 'utf8');
  const metrics = Object.keys(operationLimits.browser) as (keyof typeof operationLimits.browser)[];
  const rows = metrics.map(
    (metric) =>
      `| ${metric} | ${audiences.map((audience) => operationLimits[audience][metric]).join(' | ')} |`,
  );
  const table = [`| Of one document | ${audiences.join(' | ')} |`, '|---|---|---|---|', ...rows].join('\n');
  expect(page.split(/<!-- (?:end of )?audiences -->/)[1]?.trim()).toBe(table);
});
