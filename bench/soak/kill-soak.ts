import { killRuns } from './kill-run.ts';

// The long form of kill.test.ts: prints the result, and fails if an order was lost or duplicated.
const RUNS = 200;
const CONTROL_RUNS = 5;

const report = await killRuns(RUNS, true);
const control = await killRuns(CONTROL_RUNS, false);
const ok = report.orders === RUNS && report.delivered === RUNS && control.orders === 2 * CONTROL_RUNS;
process.stdout.write(`${JSON.stringify({ report, control, ok }, null, 2)}\n`);
process.exitCode = ok ? 0 : 1;
