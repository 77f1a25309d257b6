import type { Arguments } from './arguments.ts';
import type { ContestantSetup } from './contestant.ts';
import { startLoadGenerator } from './load.ts';
import { measureRow } from './measure-row.ts';
import type { RowResult } from './measured.ts';
import { buildPackage } from './package.ts';
import type { Row } from './row.ts';

const CONNECTIONS = 64;

/** Measures the chosen rows. `onRow` gets each result when it is there. */
export async function runSuite(
  rows: readonly Row[],
  options: Arguments,
  onRow: (result: RowResult) => void,
): Promise<RowResult[]> {
  const folders = new Map([['gateway', buildPackage('gateway')]]);
  for (const [name, checkout] of options.gateways) folders.set(name, buildPackage(name, checkout));
  const load = startLoadGenerator();
  const results: RowResult[] = [];
  try {
    for (const row of rows) {
      const setups = setupsOf(row, options, folders);
      if (setups.length === 0) continue;
      const { rounds, hurry, upstreamPort } = options;
      const result = await measureRow(row, { setups, rounds, hurry, upstreamPort, load });
      results.push(result);
      onRow(result);
    }
  } finally {
    await load.stop();
  }
  return results;
}

/** The rows whose names begin with one of `only`; if there is none, all that the time allows. */
export const chosenRows = (rows: readonly Row[], { only, hurry }: Pick<Arguments, 'only' | 'hurry'>) =>
  rows.filter(({ name, isLong }) =>
    only.length === 0 ? !(isLong && hurry > 1) : only.some((start) => name.startsWith(start)),
  );

/** The contestants of a row: its own that were chosen, the same of other checkouts, and the endpoints. */
function setupsOf(
  { contestants, connections = CONNECTIONS, env }: Row,
  options: Pick<Arguments, 'contestants' | 'endpoints' | 'headers'>,
  folders: ReadonlyMap<string, URL>,
): ContestantSetup[] {
  const isChosen = (name: string) =>
    options.contestants.length === 0 ||
    options.contestants.some((chosen) => name === chosen || name.startsWith(`${chosen}-`));
  const own = contestants.flatMap((setup): ContestantSetup[] =>
    setup.kind !== 'gateway'
      ? [{ ...setup, connections }]
      : [...folders].map(([checkout, folder]) => ({
          ...setup,
          name: setup.name.replace('gateway', checkout),
          connections,
          folder,
          env: { ...env, ...setup.env },
        })),
  );
  const endpoints: ContestantSetup[] = [...options.endpoints].map(([name, url]) => ({
    name,
    kind: 'endpoint',
    cache: true,
    connections,
    endpoint: { url, headers: options.headers },
  }));
  return [...own, ...endpoints].filter(
    ({ name, kind }) => kind === 'endpoint' || isChosen(name) || options.contestants.includes(name),
  );
}
