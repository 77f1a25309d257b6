import { AggregatorRegistry } from 'prom-client';

type ProcessMetrics = Parameters<typeof AggregatorRegistry.aggregate>[0][number];

/** Metrics for which a sum means nothing. */
const aggregators = new Map<string, string>([
  // What the parts of a process may take is bounded, and so is the alert.
  ['process_resident_memory_bytes', 'max'],
  ['upstream_concurrency_limit', 'min'],
  ['process_start_time_seconds', 'first'],
]);
/** The slowest loop is the one that clients notice. */
const LAG = 'nodejs_eventloop_lag';

interface ProcessMetric {
  readonly name: string;
  readonly type: unknown;
  readonly aggregator: unknown;
}

const aggregatorOf = ({ name, aggregator }: ProcessMetric) =>
  aggregators.get(name) ?? (name.startsWith(LAG) ? 'max' : aggregator);

const registryOf = (processes: readonly (readonly ProcessMetric[])[]) =>
  AggregatorRegistry.aggregate(
    processes.map((metrics) =>
      metrics.map((metric) => ({ ...metric, aggregator: aggregatorOf(metric) })),
    ) as ProcessMetrics[],
  );

/** Adds up the metrics of several processes, as `Metrics.values` returns them. */
export class SummedMetrics {
  /** What processes had counted that have ended: a sum that falls would look like a restart. */
  #ended: (readonly ProcessMetric[])[] = [];

  /** Keeps what a process had counted that has ended. Its gauges end with it. */
  keep(values: unknown): void {
    this.#ended.push(asMetrics(values).filter(({ type }) => type === 'counter' || type === 'histogram'));
  }

  /** Returns the text of `/metrics`. What cannot be added up is reported for the first process. */
  async text(processes: readonly unknown[]): Promise<string> {
    const ended = this.#ended;
    this.#ended = [];
    this.#ended.push(await registryOf(ended).getMetricsAsJSON());
    return registryOf([...processes.map(asMetrics), ...this.#ended]).metrics();
  }
}

const asMetrics = (values: unknown): readonly ProcessMetric[] => (Array.isArray(values) ? values : []);
