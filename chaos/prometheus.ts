import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A line of a chart: its labels, and pairs of a time in seconds since 1970 and a value. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** A Prometheus that scrapes one gateway each second. */
export interface Prometheus extends AsyncDisposable {
  /** The names of the alerts that fire now. */
  firing(): Promise<string[]>;
  /** The values of an expression for each second of a time range, given in seconds since 1970. */
  range(expression: string, from: number, to: number): Promise<Series[]>;
}

const PORT = 19_090;

/** Starts the Prometheus of Debian with the text of a rules file. */
export async function startPrometheus(adminUrl: string, rulesText: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  const rules = join(folder, 'alerts.yml');
  writeFileSync(rules, rulesText);
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${rules}]
scrape_configs:
  - job_name: management-graphql
    static_configs: [{ targets: ['${new URL(adminUrl).host}'] }]
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
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    // It scrapes for the first time some seconds after it says that it is ready.
    const scraped = await get('query?query=up==1').catch(() => undefined);
    if (scraped?.data?.result.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    firing: async () => {
      const { data } = await get('alerts');
      return data.alerts
        .filter(({ state }: { state: string }) => state === 'firing')
        .map(({ labels }: { labels: { alertname: string } }) => labels.alertname);
    },
    range: async (expression, from, to) => {
      const query = new URLSearchParams({
        query: expression,
        start: String(from),
        end: String(to),
        step: '1',
      });
      const { data } = await get(`query_range?${query}`);
      return data.result.map(
        ({ metric, values }: { metric: Record<string, string>; values: [number, string][] }) => ({
          labels: metric,
          points: values.map(([time, value]) => [time, Number(value)]),
        }),
      );
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
