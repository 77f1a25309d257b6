import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Phase, phases } from './alert-phases.ts';
import { type Chart, drawCharts, type PhaseCharts } from './charts.ts';
import { openLoad } from './load.ts';
import { startPrometheus } from './prometheus.ts';
import { startWorld } from './world.ts';

// node chaos/alerts.ts [--charts FILE] [NAMES]: causes a fault for each alert, with a real Prometheus that scrapes the
// gateway, and prints which alerts fired; draws the dashboard of each fault as a page of HTML. Needs prometheus from
// Debian. Durations of the rules are divided by 20, so that a fault takes seconds; their expressions stay as they are.
const SPEED = 20;
const PHASE_S = 26;
const print = (text: string) => appendFileSync(1, `${text}\n`);
const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const seconds = { m: 60, h: 3_600 } as const;

const faster = (text: string) =>
  text
    .replaceAll(
      /(?<=\[|for: )(\d+)([mh])/g,
      (_whole, count, unit: 'm' | 'h') => `${Math.max(3, (Number(count) * seconds[unit]) / SPEED)}s`,
    )
    .replaceAll('configuration_stale_seconds > 300', `configuration_stale_seconds > ${300 / SPEED}`);

const names = [...read('ops/prometheus/alerts.yml').matchAll(/alert: (\w+)/g)].map(([, name = '']) => name);
const { panels } = JSON.parse(read('ops/grafana/dashboard.json')) as {
  panels: readonly {
    readonly title: string;
    readonly fieldConfig: { readonly defaults: { readonly unit: string } };
    readonly targets: readonly { readonly expr: string }[];
  }[];
};

/** Returns the alerts that fired while the fault lasted, and the charts of the dashboard. */
async function runPhase(phase: Phase): Promise<PhaseCharts> {
  await using world = await startWorld(phase.options);
  await using prometheus = await startPrometheus(
    world.gateway.adminUrl,
    faster(read('ops/prometheus/alerts.yml')),
  );
  const startedAt = Date.now() / 1_000;
  const fired = new Set<string>();
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const name of await prometheus.firing()) fired.add(name);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  // A quiet beginning, so that a counter that grows has a value before it.
  await openLoad(20, 3, () => world.ask('{ salesUnits { totalCount } }'));
  await phase.cause(world, PHASE_S);
  isOver = true;
  await watching;
  const charts: Chart[] = [];
  for (const { title, fieldConfig, targets } of panels) {
    const queries = [];
    for (const { expr } of targets)
      queries.push({ expr, series: await prometheus.range(faster(expr), startedAt, Date.now() / 1_000) });
    charts.push({ title, unit: fieldConfig.defaults.unit, queries });
  }
  return { name: phase.name, fired: [...fired], charts };
}

const { values, positionals } = parseArgs({
  options: { charts: { type: 'string' } },
  allowPositionals: true,
});
const wanted = positionals[0]?.split(',');
const seen: PhaseCharts[] = [];
let mistakes = 0;
for (const phase of phases.filter(({ name }) => !wanted || wanted.includes(name))) {
  const result = await runPhase(phase);
  seen.push(result);
  if (values.charts) writeFileSync(values.charts, drawCharts(seen));
  const missing = phase.fires.filter((name) => !result.fired.includes(name));
  const surplus = result.fired.filter(
    (name) => !phase.fires.includes(name) && !phase.mayFire?.includes(name),
  );
  const isRight = missing.length + surplus.length === 0;
  if (!isRight) mistakes++;
  print(
    `${isRight ? 'ok    ' : 'FAILED'} ${phase.name}: fired ${result.fired.join(', ') || 'none'}` +
      `${missing.length > 0 ? `; missing ${missing.join(', ')}` : ''}${surplus.length > 0 ? `; surplus ${surplus.join(', ')}` : ''}`,
  );
}
const never = names.filter((name) => !seen.some(({ fired }) => fired.includes(name)));
print(
  `alerts that fired in their fault: ${names.length - never.length} of ${names.length}; never: ${never.join(', ') || 'none'}`,
);
const queriesOf = ({ charts }: PhaseCharts) => charts.flatMap(({ queries }) => queries);
const withData = new Set(
  seen
    .flatMap(queriesOf)
    .filter(({ series }) => series.length > 0)
    .map(({ expr }) => expr),
);
const all = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
const without = all.filter((expr) => !withData.has(expr));
print(
  `queries of the dashboard with data: ${all.length - without.length} of ${all.length}${without.length > 0 ? `; without: ${without.join(' | ')}` : ''}`,
);
process.exitCode = mistakes > 0 ? 1 : 0;
