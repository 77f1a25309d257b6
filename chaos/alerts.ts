import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Phase, phases } from './alert-phases.ts';
import { openLoad } from './load.ts';
import { startWorld } from './world.ts';

// node chaos/alerts.ts [NAMES]: causes a fault for each alert, with a real Prometheus that scrapes the gateway, and prints
// which alerts fired. Needs prometheus from Debian. Durations of the rules are divided by 20, so that a fault takes
// seconds; their expressions stay as they are.
const SPEED = 20;
const PORT = 19_090;
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
  panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
};

async function startPrometheus(adminUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  const rules = join(folder, 'alerts.yml');
  writeFileSync(rules, faster(read('ops/prometheus/alerts.yml')));
  const config = join(folder, 'prometheus.yml');
  const target = new URL(adminUrl).host;
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${rules}]
scrape_configs:
  - job_name: management-graphql
    static_configs: [{ targets: ['${target}'] }]
`,
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${PORT}`,
    ],
    { stdio: 'ignore' },
  );
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${PORT}/api/v1/${path}`)).json();
  for (;;) {
    const isReady = await fetch(`http://127.0.0.1:${PORT}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    firing: async (): Promise<string[]> => {
      const { data } = await get('alerts');
      return data.alerts
        .filter(({ state }: { state: string }) => state === 'firing')
        .map(({ labels }: { labels: { alertname: string } }) => labels.alertname);
    },
    query: async (expression: string): Promise<unknown[]> =>
      (await get(`query?query=${encodeURIComponent(faster(expression))}`)).data.result,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** Returns the alerts that fired while the fault lasted, and the dashboard's queries without data at its end. */
async function runPhase(phase: Phase) {
  await using world = await startWorld(phase.options);
  await using prometheus = await startPrometheus(world.gateway.adminUrl);
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
  const empty = [];
  for (const { title, targets } of panels)
    for (const { expr } of targets)
      if ((await prometheus.query(expr)).length === 0) empty.push(`${title}: ${expr}`);
  return { fired, empty };
}

const wanted = process.argv[2]?.split(',');
const seen = new Set<string>();
const withData = new Map<string, boolean>();
let mistakes = 0;
for (const phase of phases.filter(({ name }) => !wanted || wanted.includes(name))) {
  const { fired, empty } = await runPhase(phase);
  for (const name of fired) seen.add(name);
  for (const { title, targets } of panels)
    for (const { expr } of targets) {
      const key = `${title}: ${expr}`;
      withData.set(key, (withData.get(key) ?? false) || !empty.includes(key));
    }
  const missing = phase.fires.filter((name) => !fired.has(name));
  const surplus = [...fired].filter((name) => !phase.fires.includes(name) && !phase.mayFire?.includes(name));
  if (missing.length + surplus.length > 0) mistakes++;
  print(
    `${missing.length + surplus.length === 0 ? 'ok    ' : 'FAILED'} ${phase.name}: fired ${[...fired].join(', ') || 'none'}` +
      `${missing.length > 0 ? `; missing ${missing.join(', ')}` : ''}${surplus.length > 0 ? `; surplus ${surplus.join(', ')}` : ''}`,
  );
}
print(
  `alerts that fired in their fault: ${seen.size} of ${names.length}; never: ${names.filter((name) => !seen.has(name)).join(', ') || 'none'}`,
);
const without = [...withData].filter(([, has]) => !has).map(([key]) => key);
print(
  `queries of the dashboard with data: ${withData.size - without.length} of ${withData.size}${without.length > 0 ? `; without: ${without.join(' | ')}` : ''}`,
);
process.exitCode = mistakes > 0 ? 1 : 0;
