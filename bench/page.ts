import { startSandbox } from './children.ts';
import { type PageRound, type Pair, pageRound } from './page-round.ts';
import { median, type Spread, spread } from './ratios.ts';

/** How the gateway compares with the floor for pages of one size. */
export interface PageResult {
  readonly size: number;
  readonly cold: Comparison;
  readonly repeated: Comparison;
  readonly mistakes: readonly string[];
}

export interface Comparison extends Pair {
  /** Gateway over floor, paired within each round. */
  readonly ratio: Spread;
}

/** Several rounds of fresh processes; who is asked first changes from round to round. */
export async function measurePage(size: number, rounds: number, repeats: number): Promise<PageResult> {
  const sandbox = await startSandbox({ units: size, latencyMs: 20 });
  const results: PageRound[] = [];
  try {
    // The sandbox is slow in its first second, which would be charged to whoever comes first.
    await pageRound(sandbox, size, 2, ['floor', 'gateway']);
    for (let round = 0; round < rounds; round++)
      results.push(
        await pageRound(sandbox, size, repeats, round % 2 ? ['gateway', 'floor'] : ['floor', 'gateway']),
      );
  } finally {
    await sandbox.stop();
  }
  return {
    size,
    cold: compare(results.map(({ cold }) => cold)),
    repeated: compare(results.map(({ repeated }) => repeated)),
    mistakes: results.flatMap(({ mistakes }) => mistakes),
  };
}

const compare = (pairs: readonly Pair[]): Comparison => ({
  floor: median(pairs.map(({ floor }) => floor)),
  gateway: median(pairs.map(({ gateway }) => gateway)),
  ratio: spread(pairs.map(({ floor, gateway }) => gateway / floor)),
});
