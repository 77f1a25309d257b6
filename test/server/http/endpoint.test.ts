import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

/** A production profile in all that concerns HTTP; callers are let in by the test. */
const PRODUCTION = {
  NODE_ENV: 'production',
  AUTH: 'vipps-keys',
  MANAGEMENT_API_URL: 'https://api.example',
  MAX_BODY_BYTES: '4096',
};
const query = JSON.stringify({ query: '{ viewer { tenant } }' });
const json = { 'content-type': 'application/json' };

let gateway: TestGateway;
let listening: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  gateway = await startTestGateway({ env: PRODUCTION, graphiql: false });
  listening = await listen(gateway);
});
afterAll(async () => {
  await listening[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/** By node:http, since fetch forbids what an attacker may send. */
function send({ method = 'POST', path = '/graphql', headers = json, body = '' }: Sent) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(listening.url);
      const request = httpRequest({ hostname, port, method, path, headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      request.on('error', reject);
      request.end(body);
    },
  );
}

/** Bytes as they are; resolves with everything that came back when the connection is closed or `until` matches. */
function sendRaw(bytes: string, until = /\r\n\r\n[\s\S]*\}$/): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(listening.url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk;
      if (until.test(text)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

const refused = (text: string) =>
  expect(JSON.parse(text)).toEqual({
    errors: [
      {
        message: expect.stringMatching(/\.$/),
        extensions: expect.objectContaining({ code: 'BAD_REQUEST', retryable: false }),
      },
    ],
  });

const POST = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n`;
const get = (query = '{__typename}') => `/graphql?query=${encodeURIComponent(query)}`;

describe('in production', () => {
  it('an operation sent by POST as JSON is answered', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=UTF-8',
      'application/json;charset="utf-8"',
      'Application/JSON',
      'application/json ; Charset="UTF8"',
      'application/json;',
      'application/json; odata.metadata=minimal',
      'application/json; charset=us-ascii',
    ]) {
      const { status, text } = await send({ headers: { 'content-type': type }, body: query });
      expect([status, JSON.parse(text)]).toEqual([200, { data: { viewer: { tenant: 'default' } } }]);
    }
  });

  it.each<[string, number, Sent]>([
    ['a query in the URL', 405, { method: 'GET', path: get() }],
    ['a mutation in the URL', 405, { method: 'GET', path: get('mutation { x }') }],
    ['variables that are no JSON in the URL', 405, { method: 'GET', path: `${get()}&variables={` }],
    ['PUT', 405, { method: 'PUT', body: query }],
    ['PATCH', 405, { method: 'PATCH', body: query }],
    ['DELETE', 405, { method: 'DELETE' }],
    [
      'GET that calls itself POST',
      405,
      {
        method: 'GET',
        path: get(),
        headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
      },
    ],
    ['a form', 415, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query=x' }],
    ['text', 415, { headers: { 'content-type': 'text/plain' }, body: query }],
    ['no type', 415, { headers: {}, body: query }],
    ['a GraphQL document', 415, { headers: { 'content-type': 'application/graphql' }, body: '{__typename}' }],
    ['two types', 415, { headers: { 'content-type': 'application/json, text/plain' }, body: query }],
    ['UTF-16', 415, { headers: { 'content-type': 'application/json; charset=utf-16' }, body: query }],
    ['UTF-7', 415, { headers: { 'content-type': 'application/json;charset=utf-7' }, body: query }],
    ['Latin-1', 415, { headers: { 'content-type': 'application/json; charset=iso-8859-1' }, body: query }],
    [
      'a type in a parameter',
      415,
      { headers: { 'content-type': 'text/plain; x=application/json' }, body: query },
    ],
    ['a type that JSON begins', 415, { headers: { 'content-type': 'application/jsonx' }, body: query }],
    ['a refused type', 406, { headers: { ...json, accept: 'application/json;q=0' }, body: query }],
    ['files', 415, { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x' }],
    ['gzip', 415, { headers: { ...json, 'content-encoding': 'gzip' }, body: query }],
    ['several encodings', 415, { headers: { ...json, 'content-encoding': 'identity, br' }, body: query }],
    ['an answer that nobody makes', 406, { headers: { ...json, accept: 'text/html' }, body: query }],
    ['another path', 404, { path: '/graphql/x', body: query }],
    ['the root', 404, { method: 'GET', path: '/', headers: { accept: 'text/html' } }],
    ['GraphiQL', 405, { method: 'GET', headers: { accept: 'text/html' } }],
    ['a health check', 404, { method: 'GET', path: '/health' }],
    ['what ends like a health check', 405, { method: 'GET', path: '/graphql?x=/health' }],
    ['readiness', 404, { method: 'GET', path: '/readyz' }],
    ['metrics', 404, { method: 'GET', path: '/metrics' }],
    ['a body over the limit', 413, { body: `{"query":"{__typename}","x":"${'x'.repeat(4096)}"}` }],
    [
      'a body over the limit in chunks',
      413,
      { headers: { ...json, 'transfer-encoding': 'chunked' }, body: 'x'.repeat(5000) },
    ],
    [
      '101 headers',
      431,
      { headers: { ...json, ...Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, '1'])) } },
    ],
    ['a header of 32 KB', 431, { headers: { ...json, 'x-long': 'x'.repeat(32 * 1024) } }],
    ['a path of 32 KB', 431, { path: get('x'.repeat(32 * 1024)), method: 'GET' }],
  ])('%s is refused with %i', async (_what, expected, sent) => {
    const { status, headers, text } = await send(sent);
    expect(status).toBe(expected);
    refused(text);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(headers['allow']).toBe(status === 405 ? 'POST' : undefined);
    expect(gateway.sandbox.stats().calls).toEqual({});
  });

  it.each([
    ['half of it', '{"query":"canary'],
    ['nothing', ''],
    ['a number', '1'],
    ['null', 'null'],
    ['a text', '"canary"'],
    ['a query that is no text', '{"query":{"canary":1}}'],
    ['no query', '{"canary":1}'],
    ['an unknown parameter', '{"query":"{__typename}","canary":1}'],
    ['bytes behind it', `${query}canary`],
    ['NaN', '{"query":"{__typename}","variables":NaN}'],
    ['variables that are no object', '{"query":"{__typename}","variables":"canary"}'],
    ['extensions that are no object', '{"query":"{__typename}","extensions":"canary"}'],
    ['a name that is no text', '{"query":"{__typename}","operationName":{"canary":1}}'],
    ['two operations and no name', '{"query":"query a{__typename} query b{__typename}"}'],
    ['a name that no operation has', '{"query":"query a{__typename}","operationName":"canary"}'],
  ])('%s is no operation: 400, without a word of it', async (_what, body) => {
    const { status, text } = await send({
      body,
      headers: { ...json, accept: 'application/graphql-response+json' },
    });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(text).not.toContain('canary');
    expect(gateway.sandbox.stats().calls).toEqual({});
  });

  it('names of the language change nothing', async () => {
    const body =
      '{"query":"{__typename}","__proto__":{"polluted":1},"variables":{"__proto__":{"polluted":1}}}';
    await send({ body });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('HEAD is refused like GET, without a body', async () => {
    const { status, text } = await send({ method: 'HEAD', path: get() });
    expect([status, text]).toEqual([405, '']);
  });

  it.each([
    ['two lengths', `${POST}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
    ['a length and chunks', `${POST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a folded header', `${POST}x-a: b\r\n c\r\ncontent-length: 2\r\n\r\n{}`],
    ['a bare CR', `${POST}x-a: b\rc: d\r\ncontent-length: 2\r\n\r\n{}`],
    ['a whole URL', `POST http://evil.example/graphql HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['no host', 'POST /graphql HTTP/1.1\r\ncontent-length: 0\r\n\r\n'],
    ['a host with a path', 'POST /graphql HTTP/1.1\r\nhost: evil/x\r\ncontent-length: 0\r\n\r\n'],
  ])('%s is refused with 400 and the connection closed', async (_what, bytes) => {
    const text = await sendRaw(bytes);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('pipelined requests are answered in turn, and an invalid one after them affects no others', async () => {
    const whole = `${POST}content-length: ${query.length}\r\n\r\n${query}`;
    const answered = await sendRaw(`${whole}${whole}`, /(HTTP[^{]*\{.*\}){2}$/);
    expect(answered.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(await sendRaw(`${whole}BROKEN\r\n\r\n`, /$^/)).toMatch(/HTTP\/1\.1 400/);
    expect((await send({ body: query })).status).toBe(200);
  });

  it('chunk extensions without end are cut', async () => {
    const text = await sendRaw(`${POST}transfer-encoding: chunked\r\n\r\n1;${'x'.repeat(64 * 1024)}`);
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a refused client cannot keep sending', async () => {
    const endless = `${POST}content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n10\r\n${'x'.repeat(16)}\r\n`;
    expect(await sendRaw(endless, /$^/)).toMatch(/^HTTP\/1\.1 415 [\s\S]*connection: close/i);
  });

  it('every response forbids caching, sniffing, framing and embedding, and does not reveal the server software', async () => {
    const answers = [
      await send({ body: query }),
      await send({ method: 'GET', path: '/nothing' }),
      await send({ method: 'OPTIONS' }),
      await send({ headers: { ...json, 'x-long': 'x'.repeat(32 * 1024) } }),
      await send({
        headers: { ...json, ...Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, '1'])) },
      }),
      await send({ headers: { ...json, host: 'evil/x' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 204, 431, 431, 400]);
    for (const { headers, text } of answers) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      expect(
        Object.keys(headers).filter((name) => /^(server|x-powered-by|x-yoga.*|via|etag)$/.test(name)),
      ).toEqual([]);
      expect(JSON.stringify(headers) + text).not.toMatch(/yoga|node|whatwg|pothos|envelop/i);
    }
  });
});

describe('without NODE_ENV=production', () => {
  it('accepts a query in the URL, and refuses other methods', async () => {
    await using open = await startTestGateway();
    const ask = (method: string) => open.gateway.fetch(`http://127.0.0.1${get()}`, { method });
    expect(await (await ask('GET')).json()).toEqual({ data: { __typename: 'Query' } });
    const put = await ask('PUT');
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
});
