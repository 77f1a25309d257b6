import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { FOLLOW, follow, type ReceivedEvent } from '../support/subscriptions.ts';
import { startTwoTenants, type TenantId, type TwoTenants } from './two-tenants.ts';

let sandbox: Sandbox;
let tenants: TwoTenants;
beforeAll(async () => {
  sandbox = await startSandbox({ units: 5, latencyMs: 0 });
  tenants = await startTwoTenants(sandbox);
}, 30_000);
afterAll(async () => {
  await tenants[Symbol.asyncDispose]();
  await sandbox.close();
});

type Data = NonNullable<ReceivedEvent['data']> & Record<string, unknown>;
const followOf = (id: TenantId, variables: object = {}, headers: Record<string, string> = {}) =>
  follow(tenants.serving.url, variables, { ...tenants.headers(id), ...headers });
const client = (connectionParams: Record<string, unknown>, headers: Record<string, string> = {}) => {
  class WithHeaders extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { headers });
    }
  }
  return createClient({
    url: tenants.serving.url.replace('http', 'ws'),
    webSocketImpl: WithHeaders,
    retryAttempts: 0,
    connectionParams,
  });
};
const webSocketOf = (id: TenantId) => client({ authorization: `Bearer mg_key_of_${id}` });
const codeOf = (event: ReceivedEvent | undefined) => event?.errors?.[0]?.extensions.code;
const metric = async (name: string) =>
  Number(
    new RegExp(`^${name} (\\S+)$`, 'm').exec(
      await (await fetch(`${tenants.serving.adminUrl}/metrics`)).text(),
    )?.[1],
  );

describe('the subscriptions of two tenants', () => {
  it('are apart, and a cursor of one is none of the other', { timeout: 30_000 }, async () => {
    const [one, two] = [await followOf('one'), await followOf('two')];
    const cursor = (await one.next())?.id;
    await two.next();
    const foreign = sandbox.data.hidden.msnOfOtherPartner;
    const [own = ''] = sandbox.data.msns;
    sandbox.editUnit(own, { name: 'Renamed by one' });
    sandbox.editUnit(foreign, { name: 'Renamed by two' });
    expect((await one.nextChange())?.data?.changes.change?.msn).toBe(own);
    expect((await two.nextChange())?.data?.changes.change?.msn).toBe(foreign);
    for (const given of [{ after: cursor }, {}] as const) {
      const headers: Record<string, string> = 'after' in given ? {} : { 'last-event-id': cursor ?? '' };
      const refused = await followOf('two', given, headers);
      const event = await refused.next();
      expect(codeOf(event)).toBe('CURSOR_EXPIRED');
      expect(await refused.next()).toBeUndefined();
    }
    one.leave();
    two.leave();
  });
});

describe('a WebSocket', () => {
  it.each([
    ['a parameter of the connection', { authorization: 'Bearer mg_key_of_one' }, {}],
    ['a parameter in any case', { Authorization: 'Bearer mg_key_of_one' }, {}],
    ['headers among the parameters', { headers: { Authorization: 'Bearer mg_key_of_one' } }, {}],
    ['a header of its request', {}, { authorization: 'Bearer mg_key_of_one' }],
  ])('authenticates by %s', async (_how, parameters, headers) => {
    const socket = client(parameters, headers);
    const first = await socket.iterate<Data>({ query: FOLLOW }).next();
    expect(first.value?.data?.changes.caughtUp).toBe(true);
    await socket.dispose();
  });

  it.each([
    ['no key', {}, {}],
    ['a wrong key', { authorization: 'Bearer mg_key_of_three' }, {}],
    ['a value that is no text', { authorization: { toString: 'Bearer mg_key_of_one' } }, {}],
    [
      'a wrong header, whatever its parameters',
      { authorization: 'Bearer mg_key_of_one' },
      { authorization: 'Bearer mg_x' },
    ],
  ])('is refused every operation with %s', async (_how, parameters, headers) => {
    const socket = client(parameters, headers);
    await expect(socket.iterate({ query: FOLLOW }).next()).rejects.toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    await socket.dispose();
  });
});

describe('a key that is revoked', () => {
  it('ends its subscriptions within a second, and no others', { timeout: 30_000 }, async () => {
    const [one, two] = [await followOf('one'), await followOf('two')];
    await Promise.all([one.next(), two.next()]);
    const socket = webSocketOf('one');
    const events = socket.iterate<Data>({ query: FOLLOW });
    await events.next();
    expect(await metric('subscriptions_open')).toBe(3);
    tenants.keepKeys('two');
    const revokedAt = performance.now();
    const [ended] = await Promise.all([
      one.next(),
      expect(events.next()).rejects.toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED', cursor: expect.any(String) } },
      ]),
    ]);
    expect(performance.now() - revokedAt).toBeLessThan(1_000);
    expect(codeOf(ended)).toBe('UNAUTHENTICATED');
    sandbox.editUnit(sandbox.data.hidden.msnOfOtherPartner, { name: 'Renamed again by two' });
    expect((await two.nextChange())?.data).toBeTruthy();
    two.leave();
    await socket.dispose();
    await expect.poll(() => metric('subscriptions_open')).toBe(0);
    expect(await metric('subscriptions_ended_total\\{code="UNAUTHENTICATED"\\}')).toBe(2);
    tenants.keepKeys('one', 'two');
    await expect.poll(async () => (await followOf('one')).response.statusCode).toBe(200);
  });
});

describe('a gateway that stops', () => {
  it('ends every subscription with its cursor, from which another goes on', { timeout: 30_000 }, async () => {
    const follower = await followOf('two');
    const cursor = (await follower.next())?.id;
    const socket = webSocketOf('two');
    const events = socket.iterate<Data>({ query: FOLLOW });
    await events.next();
    const stoppedAt = performance.now();
    tenants.serving.cli.send('SIGTERM');
    const end = { code: 'SUBSCRIPTION_ENDED', retryable: true, cursor };
    const [event] = await Promise.all([
      follower.next(),
      expect(events.next()).rejects.toMatchObject([{ extensions: end }]),
    ]);
    expect(event?.errors?.[0]?.extensions).toMatchObject(end);
    expect(await follower.next()).toBeUndefined();
    const { code } = await tenants.serving.cli.exited;
    expect([code, performance.now() - stoppedAt < 3_000]).toEqual([0, true]);
  });
});
