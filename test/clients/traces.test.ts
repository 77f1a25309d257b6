import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startProgram } from '../cli/cli-process.ts';
import { pointedAt, startServing } from '../cli/serving.ts';
import { listening } from '../support/raw-http.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const setup = file('tracing.mjs');
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

// The three lines of docs/operations.md.
beforeAll(() => {
  const page = readFileSync(file('../../docs/operations.md'), 'utf8');
  const [, lines = ''] = /^```js\n([\s\S]*?)^```$/m.exec(page) ?? [];
  expect(lines.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(3);
  writeFileSync(setup, lines);
});
afterAll(() => writeFileSync(setup, ''));

it.each(['/graphql', '/subgraph'])(
  'of %s reach an OTLP receiver as the documentation sets them up, without a secret, a number or baggage',
  async (path) => {
    const spans: Span[] = [];
    const receiver = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      if (request.url === '/v1/traces')
        for (const { scopeSpans } of JSON.parse(text).resourceSpans)
          for (const scope of scopeSpans) spans.push(...scope.spans);
      response.end('{}');
    });
    await using at = await listening(receiver);
    const upstream: IncomingHttpHeaders[] = [];
    await using sandbox = await startSandbox({
      units: 20,
      latencyMs: 1,
      onExchange: ({ requestHeaders }) => upstream.push(requestHeaders),
    });
    await using serving = await startServing(
      {
        ...pointedAt(sandbox),
        SUBGRAPH: 'on',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${at.port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_BSP_SCHEDULE_DELAY: '50',
      },
      (env) =>
        startProgram(
          process.execPath,
          ['--import', setup, file('../../bin/management-graphql.js'), 'serve'],
          env,
        ),
    );
    await serving.readiness(200);
    const msn = sandbox.data.msns[0] ?? '';
    const query = `query Secret($x: String = "canary-variable") { salesUnit(msn: "${msn}") { configuration { captureType } name } a: __type(name: $x) { name } }`;
    const response = await fetch(serving.url.replace('/graphql', path), {
      method: 'POST',
      body: JSON.stringify({ query }),
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
        baggage: 'secret=canary-baggage',
        authorization: 'Bearer canary-token',
      },
    });
    expect((await response.json()).errors).toBeUndefined();
    await expect.poll(() => spans.filter(({ traceId }) => traceId === TRACE).length).toBe(3);
    const [request, operation, call] = [`POST ${path}`, 'query', 'GET /management/v1/sales-units/{msn}'].map(
      (name) => spans.find((span) => span.name === name && span.traceId === TRACE),
    );
    expect(request?.parentSpanId).toBe('00f067aa0ba902b7');
    expect(operation?.parentSpanId).toBe(request?.spanId);
    expect(call?.parentSpanId).toBe(operation?.spanId);
    const attributes = Object.fromEntries(
      (call?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]),
    );
    expect(attributes).toEqual({
      'http.request.method': 'GET',
      'url.template': '/management/v1/sales-units/{msn}',
      'http.response.status_code': 200,
    });
    // W3C context goes on to the upstream, and nothing else of the caller's.
    expect(upstream.map(({ traceparent }) => traceparent)).toContain(`00-${TRACE}-${call?.spanId}-01`);
    expect(upstream.some((headers) => 'baggage' in headers)).toBe(false);
    const sent = JSON.stringify(spans);
    for (const secret of [...Object.values(sandbox.keys), msn, 'canary', 'eyJ'])
      expect(sent).not.toContain(secret);
  },
);

it('are a warning when an endpoint is set and no SDK is loaded', async () => {
  await using serving = await startServing({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  const line = await serving.cli.until(({ logs }) =>
    logs.find(({ msg }) => /no OpenTelemetry SDK/.test(String(msg))),
  );
  expect(line).toMatchObject({ level: 'warn' });
});
