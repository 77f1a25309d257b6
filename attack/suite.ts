import type { LoopReport } from './event-loop-monitor.ts';
import type { Target } from './fixture.ts';
import { readEventLoop } from './process-metrics.ts';
import { type RowOptions, suiteRows } from './suite-rows.ts';
import { createTestContext, type Row, type TestContext } from './test-context.ts';

export interface RowResult {
  readonly id: string;
  readonly what: string;
  readonly checks: number;
  readonly failures: readonly string[];
  readonly slowestRefusal: TestContext['slowestRefusal'];
  /** What the event loop did during this row. */
  readonly loop: LoopReport;
}

export interface SuiteOptions extends RowOptions {
  /** The ids of the rows to run; all of them when left out. */
  readonly only?: readonly string[];
  /** Ends a row at its first failure: enough to show that the row notices one. */
  readonly untilFailure?: boolean;
  readonly onRow?: (result: RowResult) => void;
}

/** Runs the rows against one gateway. A row that throws has failed. */
export async function runSuite(target: Target, options: SuiteOptions): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  let current = target;
  let forRouters = target.endpoint.forRouters ? target : undefined;
  const targetOf = async ({ atSubgraph = false }: Row) => {
    if (!atSubgraph) return current;
    forRouters ??= await current.variant(target.fixture.subgraphEnv);
    return forRouters;
  };
  for (const row of suiteRows(options)) {
    if (options.only && !options.only.includes(row.id)) continue;
    const own = await targetOf(row);
    await readEventLoop(own.process);
    const context = createTestContext(own, options.untilFailure);
    const thrown = await failuresThrown(row, context);
    target.fixture.sandbox.clearFaults();
    const loop = await readEventLoop(own.process).catch(() => undefined);
    // A row that ends the process has failed, and the next one needs a new process.
    const after = loop ? own : await own.variant({});
    if (own === current) current = after;
    if (own === forRouters) forRouters = after;
    const ended = loop ? [] : ['the process ended'];
    const result: RowResult = {
      id: row.id,
      what: row.what,
      checks: context.checks,
      failures: [...new Set([...context.failures, ...thrown, ...ended])],
      slowestRefusal: context.slowestRefusal,
      loop: loop ?? (await readEventLoop(after.process)),
    };
    results.push(result);
    options.onRow?.(result);
  }
  if (forRouters && forRouters !== current) await forRouters[Symbol.asyncDispose]();
  return results;
}

const failuresThrown = (row: Row, context: TestContext): Promise<readonly string[]> =>
  row.run(context).then(
    () => [],
    (error: Error) => [`threw: ${error.message}`],
  );
