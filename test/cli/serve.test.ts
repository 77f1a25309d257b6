import { expect, it, vi } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, startServing } from './serving.ts';

const TOKEN = 'POST /accesstoken/get';
const UNIT = 'GET /management/v1/sales-units/{msn}';

it('serves the embedded sandbox when nothing is configured', async () => {
  await using serving = await startServing({ SANDBOX_UNITS: '30' });
  const { data, errors } = await serving.query<{ salesUnits: { totalCount: number; nodes: object[] } }>(
    '{ salesUnits(first: 3) { totalCount nodes { msn configuration { captureType } merchant { name } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data?.salesUnits.totalCount).toBe(30);
  expect(data?.salesUnits.nodes).toHaveLength(3);
  expect(serving.cli.stderr).toContain(serving.url);
  expect(serving.cli.stderr).toContain('sandbox of 30 sales units');
});

it('is alive at once, and ready when the upstream has accepted the keys', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  sandbox.fault({ route: TOKEN, status: 503 });
  await using serving = await startServing(pointedAt(sandbox));
  const probe = async (path: string) => (await fetch(serving.adminUrl + path)).status;
  expect(await probe('/livez')).toBe(200);
  expect(await probe('/readyz')).toBe(503);
  await serving.cli.until(({ logs }) => logs.find(({ msg }) => String(msg).startsWith('not ready: ')));
  expect(await probe('/livez')).toBe(200);
  expect(await probe('/readyz')).toBe(503);

  sandbox.clearFaults();
  await serving.readiness(200);
  expect(await probe('/livez')).toBe(200);
});

it('stays ready when the upstream fails later: restarting the gateway would mend nothing', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  await using serving = await startServing(pointedAt(sandbox));
  await serving.readiness(200);
  sandbox.fault({ route: 'GET /management/v1/sales-units', status: 503 });
  expect(await serving.query('{ salesUnits(first: 1) { nodes { msn } } }')).toMatchObject({
    errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
  });
  await serving.readiness(200);
});

it('keeps the admin routes off the port of clients, and GraphQL off the admin port', async () => {
  await using serving = await startServing();
  for (const path of ['/livez', '/readyz', '/metrics'])
    expect((await fetch(new URL(path, serving.url))).status).toBe(404);
  expect((await fetch(`${serving.adminUrl}/graphql?query={__typename}`)).status).toBe(404);
});

it('cancels the upstream calls of a client that closes its connection', async () => {
  await using sandbox = await startSandbox({ units: 40, latencyMs: 1 });
  sandbox.fault({ route: UNIT, delayMs: 60_000 });
  await using serving = await startServing({
    ...pointedAt(sandbox),
    CACHE: 'off',
    UPSTREAM_CONCURRENCY: '4',
    UPSTREAM_TIMEOUT_MS: '60000',
  });
  const client = new AbortController();
  const answer = serving.ask(
    'query Left { salesUnits(first: 40) { nodes { configuration { captureType } } } }',
    {
      signal: client.signal,
    },
  );
  const details = () => sandbox.stats().calls[UNIT] ?? 0;
  await vi.waitFor(() => expect(details()).toBe(4));

  client.abort();
  await expect(answer).rejects.toThrow('aborted');
  await vi.waitFor(() => expect(sandbox.stats().aborted).toBe(4));
  // Another client's call passes through the same queue: whatever had been waiting there would come first.
  expect(await serving.query('{ pricePackages { name } }')).toMatchObject({ data: {} });
  expect(details()).toBe(4);
});
