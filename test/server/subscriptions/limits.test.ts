import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CallTracker } from '../../../src/upstream/call-tracker.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.ts';
import { FOLLOW, follow, listen } from '../../support/subscriptions.ts';

/** A gateway on a port, whose directory observes changes if the test needs them. */
async function startServer({
  observes = true,
  ...options
}: TestGatewayOptions & { observes?: boolean } = {}) {
  const gateway = await startTestGateway({
    directory: true,
    sandbox: { units: 20 },
    ...options,
    env: { CACHE: 'on', ...options.env },
  });
  const index = gateway.directory;
  const isObserved = async () =>
    (await index?.changes({ conditions: {}, size: 0, fromEnd: false, after: undefined, before: undefined }))
      ?.observedSince;
  while (observes && !(await isObserved())) await sleep(20);
  const server = await listen(gateway);
  return {
    gateway,
    url: server.url,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
async function rename({ sandbox, query, directory }: TestGateway, name: string, position = 0): Promise<void> {
  const msn = sandbox.data.msns[position] ?? '';
  sandbox.editUnit(msn, { name });
  const headers = { 'cache-control': 'no-cache' };
  await query(`{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`, undefined, { headers });
  await directory?.flush();
}
const codeOf = (event: Awaited<ReturnType<Awaited<ReturnType<typeof follow>>['next']>>) =>
  event?.errors?.[0]?.extensions.code;

describe('a subscription', () => {
  it('needs the scope `read`', async () => {
    await using server = await startServer({
      observes: false,
      caller: { scopes: new Set(['product-orders:write']) },
    });
    const refused = await follow(server.url);
    expect(codeOf(await refused.next())).toBe('FORBIDDEN');
    expect(await refused.next()).toBeUndefined();
  });

  it('fails without a directory', async () => {
    await using gateway = await startTestGateway();
    await using server = await listen(gateway);
    expect(codeOf(await (await follow(server.url)).next())).toBe('DIRECTORY_UNAVAILABLE');
  });

  it('is refused when one event could cost too much, before anything is read', async () => {
    await using server = await startServer({ observes: false, env: { MAX_UPSTREAM_CALLS: '50' } });
    const before = server.gateway.calls();
    const refused = async (query: string, variables: object = {}) => {
      const { response, next } = await follow(server.url, variables, {}, query);
      return response.statusCode === 200 ? codeOf(await next()) : response.statusCode;
    };
    const units = (first: number, fields: string) =>
      `subscription { changes { change { merchant { salesUnits(first: ${first}) { nodes { ${fields} } } } } } }`;
    expect(await refused(units(100, 'configuration { captureType }'))).toBe(400);
    expect(await refused(units(1_000, 'merchant { salesUnits(first: 100) { nodes { msn } } }'))).toBe(400);
    expect(await refused(FOLLOW, { filter: { msn: Array.from({ length: 5_000 }, () => '123456') } })).toBe(
      400,
    );
    expect(await refused(FOLLOW, { filter: { kind: ['NOTHING'] } })).toBe(400);
    expect(await refused(FOLLOW, { after: 'x'.repeat(100_000) })).toBe(400);
    expect(server.gateway.calls()).toEqual(before);
  });

  it('pays for its events, and ends with its cursor when no points are left', async () => {
    await using server = await startServer({ env: { RATE_LIMIT_PER_MINUTE: '60' } });
    const { gateway, url } = server;
    // One event is a row, and a point is a hundred rows; the details that each event asks for are a call.
    const query = 'subscription { changes { cursor change { merchant { name createdAt } } } }';
    const follower = await follow(url, {}, { 'cache-control': 'no-cache' }, query);
    await follower.next();
    let last = '';
    let events = 0;
    for (;;) {
      await rename({ ...gateway, query: silently(gateway) }, `Name ${events}`, events % 20);
      const event = await follower.next();
      if (event?.errors) {
        const [error] = event.errors;
        expect(error?.extensions).toMatchObject({ code: 'RATE_LIMITED', cursor: last, retryable: true });
        break;
      }
      last = event?.data?.changes.cursor ?? '';
      events++;
    }
    expect(await follower.next()).toBeUndefined();
    expect(events).toBeGreaterThan(15);
    expect(events).toBeLessThan(31);
  });

  /** Reads without the gateway's limits, as its own sync does. */
  const silently =
    ({ client }: TestGateway): TestGateway['query'] =>
    async (text) => {
      const [, msn = ''] = /"(\d+)"/.exec(text) ?? [];
      await client.uncachedApi(new CallTracker('test')).salesUnit(msn);
      return {};
    };

  it('ends within a second of the revocation of its key, also for an event under way', async () => {
    let isValid = true;
    await using server = await startServer({ caller: { isStillValid: () => isValid } });
    const { gateway, url } = server;
    const idle = await follow(url);
    const cursor = (await idle.next())?.data?.changes.cursor;
    const waiting = await follow(
      url,
      {},
      { 'cache-control': 'no-cache' },
      'subscription { changes { change { merchant { name } } } }',
    );
    await waiting.next();
    gateway.sandbox.fault({ route: 'GET /management/v1/merchants/{scheme}/{id}', delayMs: 5_000 });
    await rename(gateway, 'New');
    await idle.nextChange();
    const revokedAt = performance.now();
    isValid = false;
    const [ofIdle, ofWaiting] = await Promise.all([idle.next(), waiting.next()]);
    expect(performance.now() - revokedAt).toBeLessThan(1_000);
    expect([codeOf(ofIdle), codeOf(ofWaiting)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(ofIdle?.errors?.[0]?.extensions.cursor).not.toBe(cursor);
    expect(ofWaiting?.errors?.[0]?.extensions.cursor).toBe(cursor);
    expect(await idle.next()).toBeUndefined();
  });

  it('ends when the same key would lead to another client', async () => {
    let isCurrent = true;
    await using server = await startServer({ observes: false, caller: { isCurrent: () => isCurrent } });
    const follower = await follow(server.url);
    await follower.next();
    isCurrent = false;
    expect(codeOf(await follower.next())).toBe('SUBSCRIPTION_ENDED');
  });

  it('is bounded for a caller, and makes room when one ends', async () => {
    await using server = await startServer({ observes: false, env: { MAX_SUBSCRIPTIONS: '4' } });
    const open = [await follow(server.url), await follow(server.url)];
    for (const one of open) await one.next();
    const refused = await follow(server.url);
    expect(refused.response.statusCode).toBe(429);
    expect(refused.response.headers['retry-after']).toBe('10');
    // Also when many begin at once.
    open[0]?.leave();
    await expect
      .poll(() => server.gateway.logs.filter(({ msg }) => msg === 'subscription ended').length)
      .toBe(1);
    const many = await Promise.all(Array.from({ length: 10 }, () => follow(server.url)));
    expect(many.filter(({ response }) => response.statusCode === 200)).toHaveLength(1);
  });

  it('ends with its cursor if it is not read, and the others do not notice', {
    timeout: 40_000,
  }, async () => {
    await using server = await startServer();
    const { gateway, url } = server;
    const { hostname, port } = new URL(url);
    const reader = await follow(url);
    await reader.next();
    // Long events, so that the buffers of the system are soon full.
    const fields = Array.from({ length: 14 }, (_, index) => `f${index}: fields { before after }`).join(' ');
    const body = JSON.stringify({ query: `subscription { changes { cursor change { ${fields} } } }` });
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const isEnded = () => gateway.logs.find(({ code }) => code === 'SLOW_CONSUMER');
    let renamed = 0;
    const slowest: number[] = [];
    while (!isEnded()) {
      await rename(gateway, `${renamed} ${'x'.repeat(20_000)}`, renamed++ % 20);
      const startedAt = performance.now();
      expect((await reader.nextChange())?.data).toBeTruthy();
      slowest.push(performance.now() - startedAt);
    }
    expect(Math.max(...slowest)).toBeLessThan(1_000);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.resume();
    await once(socket, 'close');
    const cursors = [...text.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id);
    expect(text).toContain('"code":"SLOW_CONSUMER","retryable":true,"cursor":');
    expect(text).toContain('event: complete');
    // The cursor is that of the last event that it received: nothing is lost, and nothing comes twice.
    const [, cursor] = /"code":"SLOW_CONSUMER","retryable":true,"cursor":"([^"]+)"/.exec(text) ?? [];
    expect(cursor).toBe(cursors.at(-2));
    const resumed = await follow(url, { after: cursor });
    expect((await resumed.next())?.data?.changes.change).not.toBeNull();
  });
});
