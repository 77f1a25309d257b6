import { expect, it } from 'vitest';
import { rows } from '../../chaos/rows.ts';
import { runRow } from '../../chaos/run-row.ts';

/** `npm run chaos` runs all of them at full length. */
const SHORT = ['F06', 'F19', 'F21', 'F28', 'F58'];
const SCALE = 0.05;

it.each(rows.filter(({ id }) => SHORT.includes(id)).map((row) => [`${row.id}: ${row.what}`, row] as const))(
  'keeps its promises when this happens, %s',
  { timeout: 60_000 },
  async (_name, row) => {
    const { control, findings } = await runRow(row, SCALE);
    expect(control).toBe(true);
    expect(findings.length).toBeGreaterThan(2);
    expect(findings.filter(({ kept }) => !kept)).toEqual([]);
  },
);
