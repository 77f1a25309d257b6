import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { noObserver, type Observer } from './observer.ts';

/** Whose keys a call was made with: those of the configuration, or those that a caller sent along. */
export type TenantClass = 'configured' | 'visitor';

/** What is known of a request when its response has been sent. */
export interface ServedRequest {
  readonly method: string | undefined;
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
}

/** What is known of an operation when its result is ready. */
export interface ServedOperation {
  readonly type: 'query' | 'mutation' | 'unknown';
  /** How the document came: by the id of a trusted one, with a name, or without. A name itself is chosen by the client. */
  readonly nameClass: 'trusted' | 'named' | 'anonymous';
  readonly outcome: 'ok' | 'partial' | 'failed';
  readonly seconds: number;
  readonly rows: number;
  readonly bytes: number;
  /** The code of each error, from the closed list. */
  readonly codes: readonly string[];
}

/** What is read when the metrics are asked for. */
export interface Readings {
  configurationStaleSeconds(): number;
  requestsUnderWay(): number;
  unsentBytes(): number;
  /** Sales units and merchants that the directories do not know yet. */
  directoryMissingRecords(): number;
  directoryRecords(): number;
  openSubscriptions(): number;
  notificationsFailingSeconds(): number;
  /** Processes that accept requests. */
  workers(): number;
}

/** The metrics of one process. Every label has a closed list of values: no MSN, key, name or free text. */
export interface Metrics {
  /** Returns the observer of the clients of a class. */
  observer(tenantClass: TenantClass): Observer;
  requestServed(request: ServedRequest): void;
  requestsShed(count: number): void;
  /** Something that the Management API shows is different from what was known; `kind` as in the schema. */
  changeSeen(kind: string): void;
  operationServed(operation: ServedOperation): void;
  /** `code` of the error that ended it; undefined if the client left. */
  subscriptionEnded(code: string | undefined, events: number): void;
  /** An attempt to tell a target of a change. */
  notificationSent(isDelivered: boolean): void;
  /** A worker ended without having been told to. */
  workerEnded(): void;
  watch(readings: Readings): void;
  readonly contentType: string;
  text(): Promise<string>;
  /** The metrics as values, for the process that adds up those of all. */
  values(): Promise<unknown>;
}

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ROWS = [1, 10, 100, 1_000, 5_000, 20_000];
const BYTES = [1_024, 16_384, 131_072, 1_048_576, 16_777_216];
const METHODS = new Set(['GET', 'POST', 'OPTIONS', 'HEAD']);
/** The targets that this server has. Anything else is one value. */
const PATHS = new Set(['/graphql', '/subgraph', '/']);
/** The files of GraphiQL are one value: their names change with each version. */
const FILES = '/graphiql/';
const routeOf = (path: string) => (PATHS.has(path) ? path : path.startsWith(FILES) ? FILES : 'other');

/** `concurrency`: the limit of a client before it has adapted. */
export function createMetrics(concurrency: number): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: 10 });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name, help, labelNames, registers });
  let readings: Readings | undefined;
  /** A value that is read when the metrics are asked for. */
  const reading = (name: string, help: string, key: keyof Readings) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        if (readings) this.set(readings[key]());
      },
    });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[] = [],
  ) => new Histogram<Label>({ name, help, buckets, labelNames, registers });

  const requests = histogram(
    'http_server_request_duration_seconds',
    'Requests, by their response.',
    SECONDS,
    ['http_request_method', 'http_route', 'http_response_status_code'],
  );
  const shed = counter('http_server_requests_shed_total', 'Requests that were refused because of overload.');
  const operations = histogram('graphql_operation_duration_seconds', 'Operations.', SECONDS, [
    'graphql_operation_type',
    'name_class',
    'outcome',
  ]);
  const errors = counter('graphql_errors_total', 'Errors in responses, by code.', ['code']);
  const rows = histogram('graphql_operation_rows', 'Rows that an operation returned.', ROWS);
  const bytes = histogram('graphql_response_size_bytes', 'Length of results as JSON.', BYTES);
  const calls = histogram('http_client_request_duration_seconds', 'Calls of the Management API.', SECONDS, [
    'http_route',
    'http_response_status_class',
    'tenant_class',
  ]);
  const reads = counter('upstream_reads_total', 'Reads, by where their answer came from.', [
    'http_route',
    'source',
  ]);
  const stale = counter('upstream_stale_reads_total', 'Answers that were no longer fresh.', ['http_route']);
  const queued = counter('upstream_calls_queued_total', 'Calls that had to wait for their turn.');
  const queueFull = counter('upstream_queue_full_total', 'Calls that were refused because too many waited.');
  const retries = counter('upstream_retries_total', 'Calls that were sent again.', ['http_route']);
  const noBudget = counter('upstream_retry_budget_exhausted_total', 'Retries for which no budget was left.');
  const limits = gauge('upstream_concurrency_limit', 'The lowest limit of any client on calls under way.');
  limits.set(concurrency);
  const breakers = gauge('upstream_breakers_open', 'Circuit breakers that are open.', ['http_route']);
  const opened = counter('upstream_breaker_openings_total', 'Circuit breakers that have opened.', [
    'http_route',
  ]);
  const drift = counter('upstream_contract_drift_total', 'Values that violate the contract.', [
    'http_route',
    'field',
  ]);
  const keySwitches = counter(
    'upstream_subscription_key_switches_total',
    'Changes to the other subscription key.',
  );
  const storeFailures = counter(
    'outcome_store_failures_total',
    'Outcomes of writes that could not be stored.',
  );

  reading('configuration_stale_seconds', 'How long files have had mistakes.', 'configurationStaleSeconds');
  const changes = counter('changes_total', 'Changes of what the Management API shows, by kind.', ['kind']);
  reading('http_server_active_requests', 'Requests under way.', 'requestsUnderWay');
  reading('http_server_unsent_bytes', 'Bytes that clients have not read yet.', 'unsentBytes');
  reading(
    'directory_records',
    'Sales units and merchants that the directories of all tenants know.',
    'directoryRecords',
  );
  reading(
    'directory_missing_records',
    'Sales units and merchants that the directories of all tenants do not know yet.',
    'directoryMissingRecords',
  );

  reading('subscriptions_open', 'Subscriptions that are open.', 'openSubscriptions');
  const ended = counter(
    'subscriptions_ended_total',
    'Subscriptions that have ended, by the code of the error.',
    ['code'],
  );
  const events = counter('subscription_events_total', 'Events of subscriptions that have ended.');
  const notifications = counter(
    'change_notifications_total',
    'Attempts to tell a target of a change, by whether it accepted.',
    ['outcome'],
  );
  reading(
    'change_notifications_failing_seconds',
    'For how long the target has accepted nothing that has failed longest.',
    'notificationsFailingSeconds',
  );

  reading('workers_running', 'Processes that accept requests.', 'workers');
  const workerEnds = counter('worker_ends_total', 'Workers that ended without having been told to.');

  /** How many clients have a limit, of those that have changed it. */
  const clientsAt = new Map<number, number>();
  const route = (http_route: string) => ({ http_route });

  const observer = (tenant_class: TenantClass): Observer => ({
    ...noObserver,
    callEnded(http_route, status, ms) {
      const http_response_status_class = status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
      calls.observe({ http_route, http_response_status_class, tenant_class }, ms / 1_000);
    },
    callQueued: () => queued.inc(),
    queueFull: () => queueFull.inc(),
    readServed: (http_route, source, count = 1) => reads.inc({ http_route, source }, count),
    callRetried: (http_route) => retries.inc(route(http_route)),
    retryBudgetExhausted: () => noBudget.inc(),
    limitChanged(limit, before) {
      const others = (clientsAt.get(before) ?? 0) - 1;
      if (others > 0) clientsAt.set(before, others);
      else clientsAt.delete(before);
      clientsAt.set(limit, (clientsAt.get(limit) ?? 0) + 1);
      limits.set(Math.min(...clientsAt.keys()));
    },
    breakerChanged(http_route, state, before) {
      if (state === 'open' && before === 'closed') opened.inc(route(http_route));
      if (before === 'closed') breakers.inc(route(http_route));
      if (state === 'closed') breakers.dec(route(http_route));
    },
    staleServed: (http_route) => stale.inc(route(http_route)),
    contractDrift: (http_route, field) => drift.inc({ http_route, field }),
    subscriptionKeySwitched: () => keySwitches.inc(),
    storeFailed: () => storeFailures.inc(),
  });

  return {
    observer,
    requestServed({ method = '', path, status, seconds }) {
      requests.observe(
        {
          http_request_method: METHODS.has(method) ? method : '_OTHER',
          http_route: routeOf(path),
          http_response_status_code: status,
        },
        seconds,
      );
    },
    requestsShed: (count) => shed.inc(count),
    changeSeen: (kind) => changes.inc({ kind }),
    notificationSent: (isDelivered) => notifications.inc({ outcome: isDelivered ? 'accepted' : 'failed' }),
    subscriptionEnded(code = 'none', sent) {
      ended.inc({ code });
      events.inc(sent);
    },
    operationServed({ type, nameClass, outcome, seconds, rows: rowCount, bytes: length, codes }) {
      operations.observe({ graphql_operation_type: type, name_class: nameClass, outcome }, seconds);
      rows.observe(rowCount);
      bytes.observe(length);
      for (const code of codes) errors.inc({ code });
    },
    workerEnded: () => workerEnds.inc(),
    watch(given) {
      readings = given;
    },
    contentType: register.contentType,
    text: () => register.metrics(),
    values: () => register.getMetricsAsJSON(),
  };
}
