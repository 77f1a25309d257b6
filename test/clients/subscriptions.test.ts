import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { Environment, Network, Observable, RecordSource, requestSubscription, Store } from 'relay-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { pointedAt, startServing, untilObserved } from '../cli/serving.ts';
import { compileRelay, startWorld, type World } from './serving.ts';

// Each client follows changes as its documentation says, over each transport that it has.

const FOLLOW =
  'subscription Follow($after: String) { changes(after: $after) { cursor caughtUp change { id kind msn } } }';
interface Event {
  readonly changes: {
    readonly cursor: string;
    readonly caughtUp: boolean;
    readonly change: { readonly msn: string } | null;
  };
}

let world: World;
beforeAll(async () => {
  world = await startWorld({
    CACHE: 'on',
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    DIRECTORY_LIST_SECONDS: '1',
  });
  await untilObserved(world.gateway.query);
});
afterAll(() => world[Symbol.asyncDispose]());

let names = 0;
/** Changes a unit once `events` has its first event; resolves when the change has arrived. */
async function arrives(events: readonly Event[]): Promise<void> {
  await expect.poll(() => events.length, { timeout: 5_000 }).toBeGreaterThan(0);
  expect(events[0]?.changes).toMatchObject({ caughtUp: true, change: null });
  const [msn = ''] = world.sandbox.data.msns;
  world.sandbox.editUnit(msn, { name: `Name ${++names}` });
  await expect
    .poll(() => events.find(({ changes: { change } }) => change?.msn === msn), { timeout: 10_000 })
    .toBeDefined();
}
const webSockets = () =>
  createClient({ url: world.gateway.url.replace('http', 'ws'), webSocketImpl: WebSocket });

describe('urql', () => {
  const follow = async (client: Client) => {
    const events: Event[] = [];
    const { unsubscribe } = client.subscription<Event>(gql(FOLLOW), {}).subscribe(({ data, error }) => {
      if (error) throw error;
      if (data) events.push(data);
    });
    await arrives(events);
    unsubscribe();
  };

  it('follows over SSE', () =>
    follow(
      new Client({
        url: world.gateway.url,
        exchanges: [fetchExchange],
        fetchSubscriptions: true,
        preferGetMethod: false,
      }),
    ));

  it('follows over a WebSocket', async () => {
    const socket = webSockets();
    await follow(
      new Client({
        url: world.gateway.url,
        preferGetMethod: false,
        exchanges: [
          fetchExchange,
          subscriptionExchange({
            forwardSubscription: ({ query = '', variables }) => ({
              subscribe: (sink) => ({
                unsubscribe: socket.subscribe(
                  { query, variables: variables as Record<string, unknown> },
                  sink as never,
                ),
              }),
            }),
          }),
        ],
      }),
    );
    await socket.dispose();
  });
});

describe('Apollo Client', () => {
  const follow = async (link: HttpLink | GraphQLWsLink) => {
    const client = new ApolloClient({ cache: new InMemoryCache(), link });
    const events: Event[] = [];
    const subscription = client
      .subscribe<Event>({ query: apolloGql(FOLLOW), fetchPolicy: 'no-cache' })
      .subscribe(({ data, error }) => {
        if (error) throw error;
        if (data) events.push(data);
      });
    await arrives(events);
    subscription.unsubscribe();
  };

  it('follows by multipart', () => follow(new HttpLink({ uri: world.gateway.url })));

  it('follows over a WebSocket', async () => {
    const socket = webSockets();
    await follow(new GraphQLWsLink(socket));
    await socket.dispose();
  });
});

describe('Relay', () => {
  it('follows over SSE, with the client that its documentation recommends', async () => {
    compileRelay();
    const sse = createSseClient({ url: world.gateway.url, retryAttempts: 0 });
    const environment = new Environment({
      store: new Store(new RecordSource()),
      network: Network.create(
        () => Observable.from(Promise.reject(new Error('no query'))),
        (_request, variables) =>
          Observable.create((sink) => sse.subscribe({ query: FOLLOW, variables }, sink as never)),
      ),
    });
    const { default: subscription } = await import(
      new URL('relay/__generated__/operationsFollowSubscription.graphql.js', import.meta.url).href
    );
    const events: Event[] = [];
    const { dispose } = requestSubscription(environment, {
      subscription,
      variables: {},
      onNext: (data) => events.push(data as Event),
      onError: (error) => {
        throw error;
      },
    });
    await arrives(events);
    dispose();
  });
});

describe('curl', () => {
  const curl = (lastEventId?: string) => {
    const child = spawn('curl', [
      '-sN',
      world.gateway.url,
      ...['-H', 'content-type: application/json', '-H', 'accept: text/event-stream'],
      ...(lastEventId ? ['-H', `last-event-id: ${lastEventId}`] : []),
      ...['-d', JSON.stringify({ query: FOLLOW })],
    ]);
    const seen = { text: '' };
    child.stdout.on('data', (chunk) => {
      seen.text += chunk;
    });
    const events = () =>
      [...seen.text.matchAll(/^id: (\S+)\nevent: next\ndata: (.+)$/gm)].map(([, id, json = '']) => ({
        id,
        ...(JSON.parse(json).data as Event),
      }));
    return { child, events };
  };

  it('follows, and goes on after the last id', { timeout: 30_000 }, async () => {
    const first = curl();
    await expect.poll(() => first.events().length, { timeout: 5_000 }).toBe(1);
    const id = first.events()[0]?.id;
    first.child.kill();
    const [msn = ''] = world.sandbox.data.msns;
    world.sandbox.editUnit(msn, { name: 'Changed while nobody listened' });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const second = curl(id);
    await expect
      .poll(() => second.events().map(({ changes: { caughtUp, change } }) => [caughtUp, change?.msn]), {
        timeout: 5_000,
      })
      .toEqual(
        expect.arrayContaining([
          [false, msn],
          [true, undefined],
        ]),
      );
    second.child.kill();
  });
});

describe('the code of docs/clients.md', () => {
  it('follows through a refusal and a restart, and loses nothing', { timeout: 60_000 }, async () => {
    const page = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8');
    const code = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    const file = new URL('node_modules/.documented/follow.mjs', import.meta.url);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, code.find((text) => text.includes('export async function follow')) ?? '');
    const { follow } = await import(file.href);
    const folder = mkdtempSync(join(tmpdir(), 'documented-'));
    const start = (port: string) =>
      startServing({
        ...pointedAt(world.sandbox),
        PORT: port,
        DIRECTORY: 'on',
        DIRECTORY_CALLS_PER_SECOND: '1000',
        DIRECTORY_LIST_SECONDS: '1',
        DATA_DIR: folder,
      });
    const first = await start('0');
    await untilObserved(first.query);
    const seen: string[] = [];
    const stop = new AbortController();
    const following = follow(
      first.url.replace('http', 'ws'),
      async () => 'nothing',
      ({ msn }: { msn: string }) => seen.push(msn),
      stop.signal,
    );
    const [, one = '', two = '', three = ''] = world.sandbox.data.msns;
    const metrics = async () => (await fetch(`${first.adminUrl}/metrics`)).text();
    await expect.poll(metrics, { timeout: 5_000 }).toContain('subscriptions_open 1');
    world.sandbox.editUnit(one, { name: 'One' });
    await expect.poll(() => seen, { timeout: 5_000 }).toContain(one);
    first.cli.send('SIGTERM');
    await first.cli.exited;
    world.sandbox.editUnit(two, { name: 'Two' });
    await using second = await start(new URL(first.url).port);
    await expect.poll(() => seen, { timeout: 15_000 }).toContain(two);
    world.sandbox.editUnit(three, { name: 'Three' });
    await expect.poll(() => seen, { timeout: 5_000 }).toContain(three);
    stop.abort();
    await following;
    await second[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
});
