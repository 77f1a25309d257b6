import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { FOLLOW, follow, type ReceivedEvent } from '../support/subscriptions.ts';
import { startServing } from './serving.ts';
import { startTwoTenants, type TwoTenants } from './two-tenants.ts';

const SECRET = 'the-secret-of-the-router-in-32-characters';
const audiences = ['browser', 'backend', 'router'] as const;
/** Each tenant has a key for each audience. */
const keys = (id: string) => ({
  keys: [
    { sha256: sha256(`mg_key_of_${id}`), scopes: ['read'] },
    ...audiences.map((audience) => ({ sha256: sha256(`mg_${id}_${audience}`), scopes: ['read'], audience })),
    { sha256: sha256(`mg_${id}_introspecting`), scopes: ['read', 'introspect'], audience: 'router' },
  ],
});
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ units: 20, latencyMs: 0 });
});
afterAll(() => sandbox.close());

interface Asked {
  readonly status: number;
  readonly cacheControl: string | null;
  readonly data?: Record<string, unknown>;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}
const subgraphOf = ({ serving }: TwoTenants) => serving.url.replace('/graphql', '/subgraph');
async function ask(
  url: string,
  query: string,
  key: string,
  headers: Record<string, string> = {},
): Promise<Asked> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ query }),
  });
  const cacheControl = response.headers.get('cache-control');
  return { status: response.status, cacheControl, ...((await response.json()) as object) };
}

describe('without a secret', () => {
  let tenants: TwoTenants;
  let url: string;
  beforeAll(async () => {
    tenants = await startTwoTenants(sandbox, keys, { SUBGRAPH: 'on', NODE_ENV: 'production' });
    url = subgraphOf(tenants);
  });
  afterAll(() => tenants[Symbol.asyncDispose]());

  it('only keys with the audience router are accepted, each for its tenant', async () => {
    const query = '{ viewer { tenant } }';
    for (const id of ['one', 'two'])
      expect(await ask(url, query, `mg_${id}_router`)).toMatchObject({
        status: 200,
        data: { viewer: { tenant: id } },
      });
    for (const audience of ['browser', 'backend'])
      expect(await ask(url, query, `mg_one_${audience}`)).toMatchObject({
        status: 403,
        errors: [
          { message: expect.stringContaining('audience router'), extensions: { code: 'BAD_REQUEST' } },
        ],
      });
    expect(await ask(url, query, 'mg_unknown')).toMatchObject({ status: 401 });
  });

  it('says how long an answer may be kept, and nothing about what changes at any time', async () => {
    const read = (query: string) => ask(url, query, 'mg_one_router');
    const [msn] = sandbox.data.msns;
    const unit = `salesUnit(msn: "${msn}") { name }`;
    expect((await read(`{ ${unit} }`)).cacheControl).toMatch(/^private, max-age=\d+$/);
    const seconds = async () => Number(/=(\d+)/.exec((await read(`{ ${unit} }`)).cacheControl ?? '')?.[1]);
    const before = await seconds();
    expect(before).toBeGreaterThan(200);
    expect(before).toBeLessThanOrEqual(300);
    await expect.poll(seconds, { timeout: 5_000, interval: 300 }).toBeLessThan(before);
    for (const query of [
      '{ viewer { tenant } }',
      `{ ${unit} viewer { tenant } }`,
      `{ ${unit} changes { totalCount } }`,
      `{ ${unit} directory { state } }`,
      '{ salesUnits(query: "a") { totalCount } }',
      '{ productOrders(first: 2) { nodes { status statusSince } } }',
      `{ ${unit} none: salesUnit(msn: "x") { name } }`,
      '{ none }',
    ])
      expect([query, (await read(query)).cacheControl]).toEqual([query, 'no-store']);
  });

  it('has a schema of its own, and the clients have theirs', async () => {
    const messages = async (at: string, query: string) =>
      (await ask(at, query, 'mg_one_router')).errors?.map(({ extensions: { code } }) => code);
    expect(await messages(url, '{ node(id: "x") { id } }')).toEqual(['BAD_REQUEST']);
    for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }'])
      expect(await messages(tenants.serving.url, query)).toEqual(['BAD_REQUEST']);
  });

  it('returns its schema text to callers with the scope introspect only', async () => {
    const { data } = await ask(url, '{ _service { sdl } }', 'mg_one_introspecting');
    expect((data as { _service: { sdl: string } })._service.sdl).toContain(
      'type SalesUnit implements Node @key(fields: "msn")',
    );
    expect(await ask(url, '{ _service { sdl } }', 'mg_one_router')).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('takes operations of the size that routers send, by POST only', async () => {
    const aliases = Array.from({ length: 40 }, (_, i) => `_v${i}_salesUnits: salesUnits { totalCount }`);
    const query = `{ ${aliases.join(' ')} }`;
    expect(await ask(url, query, 'mg_one_router')).toMatchObject({ status: 200, data: {} });
    expect(await ask(tenants.serving.url, query, 'mg_one_browser')).toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }],
    });
    const got = await fetch(`${url}?query={__typename}`, {
      headers: { authorization: 'Bearer mg_one_router' },
    });
    expect(got.status).toBe(405);
  });

  it('carries subscriptions, over SSE and over a WebSocket', async () => {
    const authorization = 'Bearer mg_one_router';
    const follower = await follow(url, {}, { authorization });
    expect((await follower.next())?.data?.changes.caughtUp).toBe(true);
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
    });
    const events = client.iterate<ReceivedEvent['data']>({ query: FOLLOW });
    expect(await events.next()).toMatchObject({ value: { data: { changes: { caughtUp: true } } } });
    const [msn = ''] = sandbox.data.msns;
    sandbox.editUnit(msn, { name: 'Seen by routers' });
    const isSeen = (event: Pick<ReceivedEvent, 'data'> | undefined) =>
      event?.data?.changes.change?.msn === msn;
    expect(isSeen(await follower.nextChange())).toBe(true);
    expect(isSeen((await events.next()).value as ReceivedEvent)).toBe(true);
    follower.leave();
    await client.dispose();
    // A key that may not ask there may not follow there.
    const refused = await follow(url, {}, { authorization: 'Bearer mg_one_backend' });
    expect(refused.response.statusCode).toBe(403);
    refused.leave();
  });
});

describe('with a secret', () => {
  let tenants: TwoTenants;
  let url: string;
  beforeAll(async () => {
    tenants = await startTwoTenants(sandbox, keys, { SUBGRAPH: 'on', SUBGRAPH_SECRET: SECRET });
    url = subgraphOf(tenants);
  });
  afterAll(() => tenants[Symbol.asyncDispose]());

  const router = { 'router-authorization': `Bearer ${SECRET}` };

  it('a router passes on the key of any caller, who gets its own tenant and the limits of a router', async () => {
    for (const id of ['one', 'two'])
      for (const audience of audiences)
        expect(await ask(url, '{ viewer { tenant } }', `mg_${id}_${audience}`, router)).toMatchObject({
          status: 200,
          data: { viewer: { tenant: id } },
        });
    const aliases = Array.from({ length: 40 }, (_, i) => `_v${i}: viewer { tenant }`);
    expect(await ask(url, `{ ${aliases.join(' ')} }`, 'mg_one_browser', router)).toMatchObject({
      status: 200,
    });
  });

  it('nobody gets in without it, whatever the key', async () => {
    for (const given of [
      {},
      { 'router-authorization': `Bearer ${SECRET}x` },
      { 'router-authorization': SECRET },
    ])
      for (const audience of audiences)
        expect((await ask(url, '{ __typename }', `mg_one_${audience}`, given)).status).toBe(401);
    expect((await ask(url, '{ __typename }', 'mg_unknown', router)).status).toBe(401);
  });

  it('is read again when its file changes, and never becomes shorter', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secret-'));
    const file = join(folder, 'secret');
    const write = (text: string) => writeFileSync(file, text, { mode: 0o600 });
    write(SECRET);
    await using serving = await startServing({
      SANDBOX_UNITS: '5',
      SUBGRAPH: 'on',
      SUBGRAPH_SECRET_FILE: file,
    });
    const at = serving.url.replace('/graphql', '/subgraph');
    const statusWith = async (secret: string) =>
      (await ask(at, '{ __typename }', '', { 'router-authorization': `Bearer ${secret}` })).status;
    expect(await statusWith(SECRET)).toBe(200);
    write('x');
    const isReported = async () => {
      await statusWith(SECRET);
      return serving.cli.logs.some(({ msg }) => /^the secret file cannot/.test(String(msg)));
    };
    await expect.poll(isReported, { timeout: 5_000 }).toBe(true);
    expect([await statusWith('x'), await statusWith(SECRET)]).toEqual([401, 200]);
    write(`another-${SECRET}`);
    await expect.poll(() => statusWith(`another-${SECRET}`), { timeout: 5_000 }).toBe(200);
    expect(await statusWith(SECRET)).toBe(401);
    rmSync(folder, { recursive: true });
  });

  it('refuses with one text, whatever is wrong', async () => {
    const refusals = await Promise.all([
      ask(url, '{ __typename }', 'mg_one_router'),
      ask(url, '{ __typename }', 'mg_unknown', router),
      ask(url, '{ __typename }', 'mg_unknown'),
    ]);
    const messages = new Set(refusals.map(({ errors }) => errors?.[0]?.message));
    expect([...messages]).toEqual([expect.stringContaining('Router-Authorization')]);
  });

  it('lets no page open a WebSocket, not even one of CORS_ORIGINS', async () => {
    const page = 'https://page.example';
    await using serving = await startServing({ SANDBOX_UNITS: '5', SUBGRAPH: 'on', CORS_ORIGINS: page });
    const statusAt = (path: string) =>
      new Promise((resolve) => {
        const address = serving.url.replace('http', 'ws').replace('/graphql', path);
        const socket = new WebSocket(address, 'graphql-transport-ws', { origin: page });
        socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
        socket.on('open', () => {
          socket.close();
          resolve('open');
        });
      });
    expect([await statusAt('/graphql'), await statusAt('/subgraph')]).toEqual(['open', 403]);
  });

  it('opens nothing at the endpoint of clients', async () => {
    expect((await ask(tenants.serving.url, '{ __typename }', 'mg_unknown', router)).status).toBe(401);
    const aliases = Array.from({ length: 40 }, (_, i) => `_v${i}: viewer { tenant }`);
    expect(
      await ask(tenants.serving.url, `{ ${aliases.join(' ')} }`, 'mg_one_browser', router),
    ).toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }],
    });
  });

  it('is never logged', () => {
    expect(tenants.serving.cli.stdout + tenants.serving.cli.stderr).not.toContain(SECRET);
  });
});

it('is not there unless it is switched on', async () => {
  await using serving = await startServing({ SANDBOX_UNITS: '5' });
  const url = serving.url.replace('/graphql', '/subgraph');
  expect((await ask(url, '{ __typename }', '')).status).toBe(404);
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    socket.on('open', () => resolve('open'));
  });
  expect(status).toBe(404);
});

it('needs no key where clients need none', async () => {
  await using serving = await startServing({ SANDBOX_UNITS: '5', SUBGRAPH: 'on' });
  const url = serving.url.replace('/graphql', '/subgraph');
  expect(await ask(url, '{ salesUnits { totalCount } }', '')).toMatchObject({
    data: { salesUnits: { totalCount: 5 } },
  });
});
