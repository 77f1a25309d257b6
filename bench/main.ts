import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { ArgumentError, readArguments, USAGE } from './comparison/arguments.ts';
import { chart } from './comparison/chart.ts';
import { checkGoals } from './comparison/check-goals.ts';
import { canPin, pinThisProcess } from './comparison/cores.ts';
import { disturbance } from './comparison/disturbance.ts';
import { reportJson } from './comparison/report.ts';
import { rows } from './comparison/rows.ts';
import { chosenRows, runSuite } from './comparison/suite.ts';
import { goalText, rowText } from './comparison/tables.ts';

const PROCESSOR = cpus()[0]?.model ?? 'an unknown processor';
const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  const chosen = chosenRows(rows, options);
  if (chosen.length === 0)
    throw new ArgumentError(
      `--only: no row begins like this. Rows: ${rows.map(({ name }) => name).join(', ')}`,
    );
  pinThisProcess();
  print(
    `Node ${process.versions.node}, ${PROCESSOR}, ${cpus().length} cores. ${
      canPin
        ? 'The measured server runs on core 0, the upstream and the load on core 1.'
        : 'No taskset or only one core: nothing is pinned, and figures drift more.'
    } Medians of ${options.rounds} rounds.\n`,
  );
  const results = await runSuite(chosen, options, (result) => print(rowText(result)));
  const goals = checkGoals(results);
  print(goalText(goals));
  const disturbed = disturbance(results);
  if (disturbed !== undefined) print(`${disturbed}\n`);
  const report = {
    date: new Date().toISOString(),
    machine: { node: process.versions.node, processor: PROCESSOR, cores: cpus().length, pinned: canPin },
    rounds: options.rounds,
    rows: results,
    goals,
  };
  if (options.json !== undefined) writeFileSync(options.json, reportJson(report));
  if (options.svg !== undefined) writeFileSync(options.svg, chart(results));
  const mistakes = results.flatMap((result) => result.mistakes).filter(({ isOurs }) => isOurs);
  for (const { text } of mistakes) print(`WRONG  ${text}`);
  const missed = goals.filter(({ isMet }) => !isMet);
  for (const { text, value, goal } of missed)
    print(`MISSED  ${text}: ${value.median.toFixed(2)}, goal ${goal}`);
  return mistakes.length + missed.length > 0 ? 1 : 0;
}

// Exits by itself, so that the processes it has started end too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ArgumentError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
