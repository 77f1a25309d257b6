import { expect, it, vi } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing } from './serving.ts';

const LIST = 'GET /management/v1/sales-units';
const QUERY = '{ salesUnits(first: 50) { totalCount nodes { msn name } } }';

it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 within a second after %s when idle', async (signal) => {
  await using serving = await startServing();
  // Leaves a kept-alive connection behind on either port, as clients and probes do.
  await serving.query(QUERY);
  await serving.readiness(200);
  const sentAt = performance.now();
  serving.cli.send(signal);
  expect(await serving.cli.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - sentAt).toBeLessThan(1_000);
});

it('does not wait for an upstream that is silent about the keys', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  sandbox.fault({ route: 'POST /accesstoken/get', hang: true });
  await using serving = await startServing(pointedAt(sandbox));
  await vi.waitFor(() => expect(sandbox.stats().tokenCalls).toBe(1));
  const sentAt = performance.now();
  serving.cli.send('SIGTERM');
  expect(await serving.cli.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - sentAt).toBeLessThan(1_000);
});

/** A gateway that has just sent the one upstream call of a request, whose answer takes a second and a half. */
async function whileBusy(use: (serving: Serving, answer: Promise<Response>) => Promise<void>): Promise<void> {
  await using sandbox = await startSandbox({ units: 50, latencyMs: 1 });
  await using serving = await startServing(pointedAt(sandbox));
  await serving.readiness(200);
  sandbox.fault({ route: LIST, delayMs: 1_500 });
  const answer = serving.ask(QUERY);
  await vi.waitFor(() => expect(sandbox.stats().calls[LIST]).toBe(1));
  await use(serving, answer);
}

async function expectWhole(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  expect(response.status).toBe(200);
  expect(response.headers.get('connection')).toBe('close');
  expect(await response.json()).toMatchObject({
    data: { salesUnits: { totalCount: 50, nodes: { length: 50 } } },
  });
}

it('answers the request under way before it exits with 0', () =>
  whileBusy(async ({ cli }, answer) => {
    cli.send('SIGTERM');
    await expectWhole(answer);
    const answeredAt = performance.now();
    expect(await cli.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - answeredAt).toBeLessThan(1_000);
    expect(cli.logs.at(-1)).toMatchObject({ msg: 'stopped' });
  }));

it('is alive and not ready while it finishes, serves who still comes, and then takes no more', () =>
  whileBusy(async ({ cli, url, adminUrl }, answer) => {
    cli.send('SIGTERM');
    await cli.until(({ logs }) => logs.find(({ msg }) => msg === 'stopping'));
    await vi.waitFor(async () => expect((await fetch(`${adminUrl}/readyz`)).status).toBe(503));
    expect((await fetch(`${adminUrl}/livez`)).status).toBe(200);
    const late = await fetch(`${url}?query={__typename}`);
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await expect(fetch(`${url}?query={__typename}`)).rejects.toThrow('fetch failed');
    await expectWhole(answer);
  }));

it('loses none of the clients that came just before the signal', async () => {
  await using serving = await startServing({ SANDBOX_UNITS: '50', SANDBOX_LATENCY_MS: '200' });
  await serving.readiness(200);
  const answers = Array.from({ length: 300 }, () => serving.ask(QUERY));
  await new Promise((resolve) => setTimeout(resolve, 20));
  serving.cli.send('SIGTERM');
  const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await serving.cli.exited).toEqual({ code: 0, signal: null });
});

// Ctrl-C under `npm start` arrives twice: once from the terminal, once more from npm.
it.each(['SIGTERM', 'SIGINT'] as const)('takes a second %s for the same wish', (signal) =>
  whileBusy(async ({ cli }, answer) => {
    cli.send(signal);
    await cli.until(({ logs }) => logs.find(({ msg }) => msg === 'stopping'));
    cli.send(signal);
    await expectWhole(answer);
    expect(await cli.exited).toEqual({ code: 0, signal: null });
  }),
);
