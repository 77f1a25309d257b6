import type { LoopReport } from './event-loop-monitor.ts';
import type { Target } from './fixture.ts';
import { readEventLoop } from './process-metrics.ts';
import { addressRows } from './rows/addresses.ts';
import { cacheWeightRows } from './rows/cache-weight.ts';
import { callerRows } from './rows/callers.ts';
import { connectionRows } from './rows/connections.ts';
import { fanOutRows } from './rows/fan-out.ts';
import { fileRows } from './rows/files.ts';
import { inputRows } from './rows/input.ts';
import { largeVariableRows } from './rows/large-variables.ts';
import { longTextRows } from './rows/long-text.ts';
import { memoryRows } from './rows/memory.ts';
import { ownKeyRows } from './rows/own-keys.ts';
import { secretRows } from './rows/secrets.ts';
import { shapeRows } from './rows/shape.ts';
import { strictHttpRows } from './rows/strict-http.ts';
import { tenantRows } from './rows/tenants.ts';
import { terseNameRows } from './rows/terse-names.ts';
import { tokenRows } from './rows/tokens.ts';
import { transportRows } from './rows/transport.ts';
import { upstreamTextRows } from './rows/upstream-text.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createTestContext, type Row, type TestContext } from './test-context.ts';

export interface RowResult {
  readonly id: string;
  readonly what: string;
  readonly checks: number;
  readonly failures: readonly string[];
  readonly slowestRefusal: TestContext['slowestRefusal'];
  /** The event loop during this row. */
  readonly loop: LoopReport;
}

export interface SuiteOptions {
  /** How many documents A48 sends. */
  readonly documents: number;
  /** Whether what must happen within a time is held to it, as on a machine with nothing else to do. */
  readonly strictTimes: boolean;
  readonly only?: readonly string[];
  readonly onRow?: (result: RowResult) => void;
}

export const suiteRows = ({
  documents,
  strictTimes,
}: Pick<SuiteOptions, 'documents' | 'strictTimes'>): readonly Row[] => [
  ...shapeRows,
  ...transportRows,
  ...inputRows,
  ...fanOutRows,
  ...longTextRows,
  ...largeVariableRows(strictTimes),
  ...terseNameRows,
  ...callerRows,
  ...tenantRows(strictTimes),
  ...memoryRows(documents),
  ...connectionRows,
  ...strictHttpRows,
  ...addressRows,
  ...ownKeyRows,
  ...cacheWeightRows,
  ...upstreamTextRows,
  ...tokenRows,
  ...fileRows,
  // Last, since it reads the log of all the others.
  ...secretRows,
];

/** Runs every row against one gateway. A row that breaks off has failed. */
export async function runSuite(target: Target, options: SuiteOptions): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  let current = target;
  await readEventLoop(current.process);
  for (const row of suiteRows(options)) {
    if (options.only && !options.only.includes(row.id)) continue;
    const context = createTestContext(current);
    const broken = await row.run(context).then(
      () => [],
      (error: Error) => [`broke off: ${error.message}`],
    );
    target.fixture.sandbox.clearFaults();
    const loop = await readEventLoop(current.process).catch(() => undefined);
    // A row that ends the process has failed, and the next one wants another.
    if (!loop) current = await target.variant({});
    const died = loop ? [] : ['the process ended'];
    const result: RowResult = {
      id: row.id,
      what: row.what,
      checks: context.checks,
      failures: [...new Set([...context.failures, ...broken, ...died])],
      slowestRefusal: context.slowestRefusal,
      loop: loop ?? (await readEventLoop(current.process)),
    };
    results.push(result);
    options.onRow?.(result);
  }
  return results;
}

export const anySeed = () => createSeededRandom(Date.now()).below(2 ** 31);
