import { median } from '../ratios.ts';
import type { RowResult } from './measured.ts';

/** More than this is more than the system itself needs. */
const QUIET = 0.05;

/** Says so if servers had to wait for their core: then something else ran on the machine. Undefined if it was quiet. */
export function disturbance(rows: readonly RowResult[]): string | undefined {
  const loads = rows.flatMap(({ steps }) => steps.flatMap(({ contestants }) => Object.values(contestants)));
  const waited = median(loads.map((rounds) => median(rounds.map((figures) => figures.waited))));
  if (!(waited > QUIET)) return undefined;
  return `The machine was not quiet: servers waited for their core ${Math.round(waited * 100)} % of the time, so only CPU times can be trusted.`;
}
