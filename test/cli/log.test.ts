import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, startServing } from './serving.ts';

it('writes one JSON line per request, with what it was and what it cost', async () => {
  await using serving = await startServing({ SANDBOX_UNITS: '20', CACHE: 'off' });
  const headers = { 'x-request-id': 'asked-by-the-test' };
  const response = await serving.ask(
    'query Page { salesUnits(first: 4) { nodes { configuration { captureType } } } }',
    { headers },
  );
  expect(response.headers.get('x-request-id')).toBe('asked-by-the-test');
  await response.json();
  await serving.query('{ salesUnit(msn: "1") { name } nonsense }');
  await serving.ask('query Names { salesUnits(first: 1) { nodes { name } } }');
  await serving.cli.until(({ logs }) => logs.find((line) => line['operationName'] === 'Names'));

  const requests = serving.cli.logs.filter(({ msg }) => msg === 'request');
  expect(requests).toMatchObject([
    { requestId: 'asked-by-the-test', operationName: 'Page', status: 200, upstreamCalls: 5, errors: 0 },
    { requestId: expect.stringMatching(/^[\w-]{36}$/), method: 'POST' },
    { operationName: 'Names', upstreamCalls: 1 },
  ]);
  for (const { durationMs } of requests) expect(durationMs).toBeGreaterThan(0);
  for (const line of serving.cli.logs) {
    expect(line).toMatchObject({ level: expect.any(String), msg: expect.any(String) });
    expect(new Date(String(line['time'])).toISOString()).toBe(line['time']);
  }
});

it('writes no secret and no token, whatever the upstream says', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  const answers: string[] = [];
  const { keys } = sandbox;
  await using serving = await startServing({ ...pointedAt(sandbox), LOG_LEVEL: 'trace', CACHE: 'off' });
  await serving.readiness(200);
  const query = 'query Fails { salesUnits(first: 5) { nodes { msn configuration { captureType } } } }';
  const route = 'GET /management/v1/sales-units';
  for (const fault of [
    { status: 401 },
    { status: 500, body: `secret words: ${keys.clientSecret}` },
    { body: `{"${keys.subscriptionKey}"`, contentType: 'application/json' },
    { reset: 'beforeHeaders' as const },
  ]) {
    sandbox.fault({ route, ...fault });
    const answer = await serving.ask(query, { headers: { authorization: 'Bearer caller-secret' } });
    answers.push(await answer.text());
    sandbox.clearFaults();
  }
  await serving.cli.until(({ logs }) =>
    logs.filter(({ msg }) => msg === 'request').length === 4 ? true : undefined,
  );

  const written = serving.cli.stdout + serving.cli.stderr + answers.join('\n');
  for (const secret of [keys.clientSecret, keys.subscriptionKey, 'caller-secret', 'Bearer ', 'eyJ'])
    expect(written).not.toContain(secret);
  expect(serving.cli.stdout).toContain('secret words: [secret]');
  expect(answers.join()).not.toContain('secret words');
  expect(serving.cli.logs.filter(({ level }) => level === 'warn').length).toBeGreaterThanOrEqual(4);
});
