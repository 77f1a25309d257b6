import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { pointedAt, type Serving, startServing } from '../cli/serving.ts';

const scrape = async ({ adminUrl }: Serving) => (await fetch(`${adminUrl}/metrics`)).text();
/** The value of a series, given with its labels in any order; undefined if there is none. */
function seriesOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const line = text
    .split('\n')
    .find(
      (one) =>
        new RegExp(`^${name}[ {]`).test(one) &&
        Object.entries(labels).every(([label, value]) => one.includes(`${label}="${value}"`)),
    );
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

it('the concurrency limit is that of the client with the lowest', async () => {
  const metrics = createMetrics(64);
  const shown = async () => seriesOf(await metrics.text(), 'upstream_concurrency_limit');
  // Clients of one class share an observer.
  const { limitChanged } = metrics.observer('configured');
  expect(await shown()).toBe(64);
  limitChanged(8, 64);
  limitChanged(40, 64);
  expect(await shown()).toBe(8);
  limitChanged(64, 8);
  expect(await shown()).toBe(40);
});

describe('/metrics on the admin port', () => {
  it('counts requests, operations, calls, cache, retries, drift and the rest', async () => {
    await using sandbox = await startSandbox({ units: 20, latencyMs: 1 });
    await using serving = await startServing(pointedAt(sandbox));
    await serving.readiness(200);
    const page = 'query Page { salesUnits(first: 5) { nodes { configuration { captureType } } } }';
    await serving.query(page);
    await serving.query(page);
    await serving.query('{ salesUnits { nope } }');
    const LIST = 'GET /management/v2/product-orders';
    sandbox.fault({ route: LIST, status: 503, times: 1 });
    sandbox.fault({ route: LIST, patch: [{ path: ['0', 'status'], value: 7 }], times: 1 });
    await serving.query('{ productOrders { totalCount } }');
    await fetch(serving.url, { method: 'PUT' });
    for (const path of ['/graphiql/docs/error-codes', '/graphiql/none', '/none'])
      await fetch(new URL(path, serving.url));
    const text = await scrape(serving);
    const route = (http_route: string) => ({ http_route });
    const unit = route('GET /management/v1/sales-units/{msn}');
    const value = (name: string, labels?: Record<string, string>) => seriesOf(text, name, labels);
    expect(
      value('http_server_request_duration_seconds_count', {
        http_route: '/graphql',
        http_response_status_code: '200',
      }),
    ).toBe(4);
    for (const http_response_status_code of ['200', '404'])
      expect(
        value('http_server_request_duration_seconds_count', {
          http_route: '/graphiql/',
          http_response_status_code,
        }),
      ).toBe(1);
    expect(value('http_server_request_duration_seconds_count', { http_route: 'other' })).toBe(1);
    expect(
      value('http_server_request_duration_seconds_count', {
        http_request_method: '_OTHER',
        http_response_status_code: '405',
      }),
    ).toBe(1);
    expect(
      value('graphql_operation_duration_seconds_count', {
        graphql_operation_type: 'query',
        name_class: 'named',
        outcome: 'ok',
      }),
    ).toBe(2);
    expect(
      value('graphql_operation_duration_seconds_count', { name_class: 'anonymous', outcome: 'ok' }),
    ).toBe(1);
    expect(value('graphql_errors_total', { code: 'BAD_REQUEST' })).toBe(1);
    expect(
      value('http_client_request_duration_seconds_count', {
        ...unit,
        http_response_status_class: '2xx',
        tenant_class: 'configured',
      }),
    ).toBe(5);
    expect(value('upstream_reads_total', { ...unit, source: 'cache' })).toBe(5);
    expect(
      value('http_client_request_duration_seconds_count', {
        ...route('POST /accesstoken/get'),
        http_response_status_class: '2xx',
      }),
    ).toBe(1);
    expect(value('upstream_retries_total', route(LIST))).toBe(1);
    expect(value('upstream_contract_drift_total', { ...route(LIST), field: 'status' })).toBe(1);
    expect(value('configuration_stale_seconds')).toBe(0);
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(value('graphql_operation_rows_count')).toBeGreaterThanOrEqual(3);
    expect(value('graphql_response_size_bytes_sum')).toBeGreaterThan(100);
  });

  it('shows a breaker that opens, and that it has closed again', async () => {
    await using sandbox = await startSandbox({ units: 60, latencyMs: 1 });
    await using serving = await startServing({ ...pointedAt(sandbox), CACHE: 'off' });
    await serving.readiness(200);
    const route = 'GET /management/v1/sales-units/{msn}';
    sandbox.fault({ route, status: 500 });
    await serving.query('{ salesUnits(first: 60) { nodes { configuration { captureType } } } }');
    const text = await scrape(serving);
    expect(seriesOf(text, 'upstream_breakers_open', { http_route: route })).toBe(1);
    expect(seriesOf(text, 'upstream_breaker_openings_total', { http_route: route })).toBe(1);
    expect(seriesOf(text, 'upstream_retry_budget_exhausted_total')).toBeGreaterThan(0);
    sandbox.clearFaults();
    const msn = sandbox.data.msns[0];
    await expect
      .poll(
        async () => {
          await serving.query(`{ salesUnit(msn: "${msn}") { configuration { captureType } } }`);
          return seriesOf(await scrape(serving), 'upstream_breakers_open', { http_route: route });
        },
        { timeout: 8_000, interval: 300 },
      )
      .toBe(0);
  });

  it('has a bounded number of series and no client text in them, whatever is sent', async () => {
    await using sandbox = await startSandbox({ units: 20, latencyMs: 0 });
    await using serving = await startServing(pointedAt(sandbox));
    const { keys } = sandbox;
    for (let round = 0; round < 400; round++) {
      const canary = `canary${round}`;
      const responses = await Promise.all([
        serving.ask(`query ${canary} { salesUnit(msn: "${1000 + round}") { name } }`, {
          headers: { 'user-agent': canary },
        }),
        serving.ask(`{ ${canary} }`),
        fetch(`${serving.url}/${canary}?x=${canary}`, { method: round % 2 ? 'POST' : 'PATCH' }).catch(
          () => {},
        ),
      ]);
      for (const response of responses) await response?.text();
    }
    const text = await scrape(serving);
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(series.length).toBeLessThan(2_000);
    expect(text).not.toMatch(/canary|msn="|eyJ/);
    for (const secret of [...Object.values(keys), sandbox.data.msns[0] ?? ''])
      expect(text).not.toContain(secret);
  });

  it('can be switched off, and is not on the public port', async () => {
    await using serving = await startServing({ METRICS: 'off' });
    expect((await fetch(`${serving.adminUrl}/metrics`)).status).toBe(404);
    expect((await fetch(serving.url.replace('/graphql', '/metrics'))).status).toBe(404);
  });
});

describe('the log line of a request', () => {
  it('says who, what, how it ended and what it cost, also when it was refused', async () => {
    await using sandbox = await startSandbox({ units: 20, latencyMs: 1 });
    await using serving = await startServing({
      ...pointedAt(sandbox),
      RATE_LIMIT_PER_MINUTE: '40',
      CACHE: 'off',
    });
    await serving.readiness(200);
    await serving.query('query Page { salesUnits(first: 5) { nodes { configuration { captureType } } } }');
    await serving.ask('query Wrong { nope }');
    await serving.ask('{');
    for (let round = 0; round < 20; round++) await serving.ask('query More { viewer { tenant } }');
    await fetch(serving.url, { method: 'PUT' });
    await serving.cli.until(({ logs }) => logs.find(({ status }) => status === 405));
    const lines = serving.cli.logs.filter(({ msg }) => msg === 'request');
    const who = { tenant: 'default', caller: expect.any(String) };
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...who,
        operationName: 'Page',
        status: 200,
        errors: 0,
        cost: { calls: 6, rows: expect.any(Number), points: expect.any(Number) },
        upstreamCalls: 6,
        upstreamCached: 0,
        upstreamMs: expect.any(Number),
      }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ ...who, code: 'BAD_REQUEST', errors: 1 }));
    expect(lines).toContainEqual(expect.objectContaining({ ...who, status: 429, code: 'RATE_LIMITED' }));
    expect(lines).toContainEqual(
      expect.objectContaining({ status: 405, code: 'BAD_REQUEST', method: 'PUT' }),
    );
  });

  it('is there for a request that no plugin has seen', async () => {
    await using serving = await startServing();
    const status = await new Promise((resolve, reject) => {
      request(serving.url, { method: 'POST', headers: { 'transfer-encoding': 'gzip' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(501);
    const line = await serving.cli.until(({ logs }) => logs.find(({ msg }) => msg === 'request refused'));
    expect(line).toMatchObject({ code: 'BAD_REQUEST', method: 'POST', status: 501 });
  });
});
