import type { AttackRequest } from '../client.ts';
import { GOOD_ORIGIN } from '../fixture.ts';
import { graphqlRequest, jsonHeaders, type Refusal, type Row, type TestContext } from '../test-context.ts';

// A12-A19, A37-A39, A45, A50-A52: what is not a POST of JSON to one path.

const unsupported: Refusal = { codes: ['BAD_REQUEST'], statuses: [415] };
const query = encodeURIComponent('{ __typename }');
const remove = encodeURIComponent(
  'mutation { deleteProductOrder(input: { productOrderId: "00000000-0000-4000-8000-000000000000" }) { deletedProductOrderId } }',
);
const noGet: Refusal = { statuses: [405] };
/** A logo of 1000 × 1000 pixels has to fit into an order. */
const BODY_LIMIT = 1024 * 1024;
const PIECE = 16 * 1024;
const MEBIBYTE = 1024 * 1024;

const get = ({ target }: TestContext, search: string, method = 'GET', headers = {}): AttackRequest => ({
  method,
  path: `/graphql?${search}`,
  headers: { ...jsonHeaders(target), ...headers },
});
const typed = (
  { target }: TestContext,
  type: string | undefined,
  body = '{"query":"{ __typename }"}',
): AttackRequest => {
  const { 'content-type': _replaced, ...headers } = jsonHeaders(target);
  return { headers: { ...headers, ...(type !== undefined && { 'content-type': type }) }, body };
};
const form = 'query=%7B__typename%7D';
const multipart = [
  '--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"{ __typename }","variables":{}}\r\n',
  '--b\r\nContent-Disposition: form-data; name="map"\r\n\r\n{"0":["__proto__.x","variables.__proto__.polluted"]}\r\n',
  '--b\r\nContent-Disposition: form-data; name="0"; filename="a"\r\n\r\nyes\r\n--b--\r\n',
].join('');

export const transportRows: readonly Row[] = [
  {
    id: 'A12',
    what: 'a query by GET',
    run: async (context) => {
      await context.refused('GET', get(context, `query=${query}`), noGet);
    },
  },
  {
    id: 'A13',
    what: 'a change by GET, HEAD and a method in a header',
    run: async (context) => {
      const orders = context.target.fixture.sandbox.stats().orders;
      await context.refused('GET', get(context, `query=${remove}`), noGet);
      await context.refused('HEAD', get(context, `query=${remove}`, 'HEAD'), { statuses: [405] });
      await context.refused(
        'override',
        get(context, `query=${remove}`, 'GET', { 'x-http-method-override': 'POST' }),
        noGet,
      );
      for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE'])
        await context.refused(
          method,
          { ...graphqlRequest(context.target, '{ __typename }'), method },
          { statuses: [400, 404, 405] },
        );
      context.check('no order was made', context.target.fixture.sandbox.stats().orders === orders);
    },
  },
  {
    id: 'A14',
    what: 'broken variables in a URL',
    run: async (context) => {
      const refusal = { statuses: [400, 405] };
      await context.refused('variables', get(context, `query=${query}&variables=%7B`), refusal);
      await context.refused('extensions', get(context, `query=${query}&extensions=%7B`), refusal);
      await context.refused('per cent', get(context, 'query=%E0%A4%A'), refusal);
    },
  },
  {
    id: 'A15',
    what: 'a form',
    run: async (context) => {
      await context.refused('form', typed(context, 'application/x-www-form-urlencoded', form), unsupported);
    },
  },
  {
    id: 'A16',
    what: 'other content types',
    run: async (context) => {
      const types = [
        undefined,
        'text/plain',
        'multipart/form-data; boundary=b',
        'application/graphql',
        'application/json, text/plain',
        'application/json; charset=utf-16',
        'application/json; charset=utf-7',
        'application/jsonp',
        'application/graphql+json',
      ];
      for (const type of types) await context.refused(type ?? 'none', typed(context, type), unsupported);
    },
  },
  {
    id: 'A17',
    what: 'a multipart form that names the prototype',
    run: async (context) => {
      await context.refused('map', typed(context, 'multipart/form-data; boundary=b', multipart), unsupported);
    },
  },
  { id: 'A18', what: 'bodies without measure', run: bodies },
  {
    id: 'A19',
    what: 'bodies that are no request',
    run: async (context) => {
      const { headers = {} } = graphqlRequest(context.target, '');
      const refusal: Refusal = { codes: ['BAD_REQUEST'], silentAbout: ['cAnArY'] };
      const broken: readonly (string | Buffer)[] = [
        '{"query":',
        '{"query": cAnArY}',
        '',
        '1',
        'null',
        '"cAnArY"',
        '{"query":{}}',
        '{"query":["cAnArY"]}',
        '{"query":"{ __typename }"} cAnArY',
        '{"query":"{ __typename \\ud800 }"}',
        '{"query":NaN}',
        '{"variables":{"x":"cAnArY"}}',
        '{"query":"{ __typename }","variables":"cAnArY"}',
        '{"query":"{ __typename }","variables":[1]}',
        '{"query":"{ __typename }","extensions":"cAnArY"}',
        Buffer.from('fffe7b0022007100', 'hex'),
      ];
      for (const body of broken)
        await context.refused(String(body).slice(0, 60) || 'empty', { headers, body }, refusal);
      // JSON allows it, and every reader in this process takes the last one.
      const twice = await context.send({ headers, body: '{"query":"{ cAnArY }","query":"{ __typename }"}' });
      context.check(
        'duplicate keys: one reading',
        twice.status === 400 || twice.text === '{"data":{"__typename":"Query"}}',
        twice.text,
      );
    },
  },
  {
    id: 'A37',
    what: 'pages',
    run: async (context) => {
      for (const path of [
        '/',
        '/graphql',
        '/graphiql',
        '/playground',
        '/altair',
        '/console',
        '/admin',
        '/.env',
        '/graphql/x',
      ]) {
        const reply = await context.send({ method: 'GET', path, headers: { accept: 'text/html' } });
        context.check(
          `${path} is 404 or 405, or asks who`,
          [401, 404, 405].includes(reply.status),
          reply.status,
        );
        context.check(`${path} shows no page`, !/<html|graphiql|yoga/i.test(reply.text), reply.text);
        const tells = ['server', 'x-powered-by'].filter((name) => reply.headers[name] !== undefined);
        context.check(`${path} names no software`, tells.length === 0, tells);
      }
    },
  },
  {
    id: 'A38',
    what: 'other origins',
    run: async (context) => {
      const evil = [
        'https://evil.example',
        'null',
        `${GOOD_ORIGIN}.evil.example`,
        'http://good.example',
        'https://GOOD.example',
      ];
      for (const origin of evil)
        for (const method of ['POST', 'OPTIONS']) {
          const base = graphqlRequest(context.target, '{ __typename }');
          const preflight = {
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization',
          };
          const headers = { ...base.headers, origin, ...(method === 'OPTIONS' && preflight) };
          const reply = await context.send(method === 'OPTIONS' ? { method, headers } : { ...base, headers });
          context.check(
            `${method} of ${origin}: no origin allowed`,
            reply.headers['access-control-allow-origin'] === undefined,
            reply.headers['access-control-allow-origin'],
          );
        }
      const base = graphqlRequest(context.target, '{ __typename }');
      const good = await context.send({ ...base, headers: { ...base.headers, origin: GOOD_ORIGIN } });
      context.check(
        'a listed origin is allowed, exactly',
        good.headers['access-control-allow-origin'] === GOOD_ORIGIN,
        good.headers['access-control-allow-origin'],
      );
      context.check('caches are told', /origin/i.test(String(good.headers['vary'])), good.headers['vary']);
      context.check('without credentials', good.headers['access-control-allow-credentials'] === undefined);
    },
  },
  {
    id: 'A39',
    what: 'requests that a page of another site can make',
    run: async (context) => {
      const cookie = 'session=cAnArY';
      const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'];
      for (const type of simple) {
        const { headers, body } = typed(context, type);
        await context.refused(
          type,
          { headers: { ...headers, cookie }, ...(body !== undefined && { body }) },
          unsupported,
        );
      }
      const own = graphqlRequest(context.target, '{ __typename }');
      const headers = {
        ...own.headers,
        cookie,
        'sec-fetch-site': 'cross-site',
        origin: 'https://evil.example',
      };
      await context.refused(
        'cross-site',
        { ...own, headers },
        { codes: ['BAD_REQUEST', 'FORBIDDEN'], statuses: [403] },
      );
      const { 'content-type': type = '' } = own.headers ?? {};
      await context.refused(
        'a cookie alone',
        { headers: { 'content-type': type, cookie }, body: own.body ?? '' },
        { codes: ['UNAUTHENTICATED'], statuses: [401] },
      );
    },
  },
  {
    id: 'A45',
    what: 'parameters that do not belong there',
    run: async (context) => {
      const refusal: Refusal = { codes: ['BAD_REQUEST'], silentAbout: ['cAnArY'] };
      const { target } = context;
      await context.refused(
        'unknown',
        graphqlRequest(target, '{ __typename }', undefined, 'browser', { cAnArY: 1 }),
        refusal,
      );
      await context.refused(
        'two operations',
        graphqlRequest(target, 'query A { __typename } query B { __typename }'),
        refusal,
      );
      await context.refused(
        'a name for none',
        graphqlRequest(target, 'query A { __typename }', undefined, 'browser', { operationName: 'cAnArY' }),
        refusal,
      );
      await context.refused(
        'a name of 1 MB',
        graphqlRequest(target, 'query A { __typename }', undefined, 'browser', {
          operationName: 'cAnArY'.repeat(170_000),
        }),
        { ...refusal, statuses: [400, 413] },
      );
    },
  },
  {
    id: 'A50',
    what: 'probes and debugging from outside',
    run: async (context) => {
      for (const path of [
        '/metrics',
        '/health',
        '/ready',
        '/readyz',
        '/livez',
        '/debug',
        '/json/version',
        '/debug/pprof',
      ]) {
        const reply = await context.send({ method: 'GET', path });
        context.check(`${path} is not there`, reply.status === 404, reply.status);
      }
    },
  },
  { id: 'A51', what: 'transports that are not offered', run: otherTransports },
  { id: 'A52', what: 'HTTP that is not right', run: rawHttp },
];

async function bodies(context: TestContext): Promise<void> {
  const { target } = context;
  const { headers = {} } = graphqlRequest(target, '');
  const tooLarge: Refusal = { codes: ['BAD_REQUEST'], statuses: [413] };
  const padded = (bytes: number) => `{"query":"{ __typename }"${' '.repeat(bytes - 25)}}`;
  await context.refused('limit + 1', { headers, body: padded(BODY_LIMIT + 1) }, tooLarge);
  const zipped = { ...headers, 'content-encoding': 'gzip' };
  const bomb = Buffer.from('H4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA', 'base64');
  await context.refused('gzip', { headers: zipped, body: bomb }, unsupported);
  const head = (more: string) =>
    [
      `POST /graphql HTTP/1.1`,
      'Host: gateway',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      more,
      '',
      '',
    ].join('\r\n');
  const chunks = function* () {
    yield head('Transfer-Encoding: chunked');
    const chunk = Buffer.alloc(64 * 1024, ' ');
    for (let sent = 0; sent < 1024 * MEBIBYTE; sent += chunk.length)
      yield Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')]);
  };
  let endless = await target.client.raw(chunks());
  // The system may throw the answer away together with what was sent behind it; then another try shows it.
  for (let tries = 0; tries < 4 && endless.text === ''; tries++) endless = await target.client.raw(chunks());
  context.check('1 GB in chunks: 413', /^HTTP\/1\.1 413/.test(endless.text), endless.text.slice(0, 40));
  // What the system keeps in the buffers of both sockets counts too.
  context.check('1 GB in chunks: not read', endless.sent <= BODY_LIMIT + 12 * MEBIBYTE, endless.sent);
  const promised = await target.client.raw([head(`Content-Length: ${1024 * MEBIBYTE}`)]);
  context.check(
    '1 GB promised: 413 at once',
    /^HTTP\/1\.1 413/.test(promised.text),
    promised.text.slice(0, 40),
  );
}

async function otherTransports(context: TestContext): Promise<void> {
  const { target } = context;
  await context.refused('subscription', graphqlRequest(target, 'subscription { x }'), {
    codes: ['BAD_REQUEST'],
    statuses: [400, 405],
  });
  const refusal: Refusal = { codes: ['BAD_REQUEST', 'OPERATION_TOO_COMPLEX'] };
  await context.refused('@defer', graphqlRequest(target, '{ ... @defer { viewer { tenant } } }'), refusal);
  await context.refused(
    '@stream',
    graphqlRequest(target, '{ salesUnits { nodes @stream { msn } } }'),
    refusal,
  );
  const sse = graphqlRequest(target, '{ __typename }');
  const reply = await context.send({ ...sse, headers: { ...sse.headers, accept: 'text/event-stream' } });
  context.check(
    'no event stream',
    !/event-stream/.test(String(reply.headers['content-type'])),
    reply.headers['content-type'],
  );
  const authorization = sse.headers?.['authorization'];
  const upgrade = await target.client.raw([
    `GET /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: ${authorization}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  ]);
  context.check('no WebSocket', !/^HTTP\/1\.1 101/.test(upgrade.text), upgrade.text.slice(0, 40));
}

function* pieces(bytes: string): Generator<string> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.slice(at, at + PIECE);
}

async function rawHttp(context: TestContext): Promise<void> {
  const { target, check } = context;
  const { calls } = target.fixture.upstream;
  const body = '{"query":"{ salesUnits { totalCount } }"}';
  const request = (line: string, headers: readonly string[], content = body) =>
    [line, ...headers, '', content].join('\r\n');
  const json = ['Host: gateway', 'Content-Type: application/json', `Content-Length: ${body.length}`];
  const raw: readonly [what: string, bytes: string, expected: RegExp][] = [
    ['no key, HTTP/1.0', request('POST /graphql HTTP/1.0', json), /^HTTP\/1\.1 401/],
    ['no key, absolute form', request('POST http://127.0.0.1/graphql HTTP/1.1', json), /^HTTP\/1\.1 40[014]/],
    [
      'no key, another host in the line',
      request('POST http://evil.example/graphql HTTP/1.1', json),
      /^HTTP\/1\.1 40[014]/,
    ],
    ['no key, odd path', request('POST //graphql HTTP/1.1', json), /^HTTP\/1\.1 4/],
    ['no key, encoded path', request('POST /%67raphql HTTP/1.1', json), /^HTTP\/1\.1 4/],
    ['no key, path with a slash', request('POST /graphql/ HTTP/1.1', json), /^HTTP\/1\.1 4/],
    ['no key, path in capitals', request('POST /GRAPHQL HTTP/1.1', json), /^HTTP\/1\.1 4/],
    ['no key, path in the search', request('POST /x?y=/graphql HTTP/1.1', json), /^HTTP\/1\.1 4/],
    ['no key, dots', request('POST /x/../graphql HTTP/1.1', json), /^HTTP\/1\.1 4/],
    ['no key, matrix', request('POST /graphql;x HTTP/1.1', json), /^HTTP\/1\.1 4/],
    ['no host', request('POST /graphql HTTP/1.1', json.slice(1)), /^HTTP\/1\.1 400/],
    [
      'length and chunks',
      request('POST /graphql HTTP/1.1', [...json, 'Transfer-Encoding: chunked']),
      /^HTTP\/1\.1 400/,
    ],
    ['two lengths', request('POST /graphql HTTP/1.1', [...json, 'Content-Length: 1']), /^HTTP\/1\.1 400/],
    [
      'chunks spelt oddly',
      request('POST /graphql HTTP/1.1', [...json.slice(0, 2), 'Transfer-Encoding: xchunked']),
      /^HTTP\/1\.1 (4|501)/,
    ],
    [
      'bare CR',
      request('POST /graphql HTTP/1.1', ['Host: gateway\rX-Evil: 1', ...json.slice(1)]),
      /^HTTP\/1\.1 400/,
    ],
    [
      'header of 32 KB',
      request('POST /graphql HTTP/1.1', [...json, `X-Long: ${'x'.repeat(32 * 1024)}`]),
      /^HTTP\/1\.1 431/,
    ],
    [
      'chunk extension of 10 MB',
      `${request('POST /graphql HTTP/1.1', [...json.slice(0, 2), 'Transfer-Encoding: chunked'], '')}1;${'x'.repeat(10 * MEBIBYTE)}\r\n`,
      /^HTTP\/1\.1 4/,
    ],
  ];
  for (const [what, bytes, expected] of raw) {
    const { text } = await target.client.raw(pieces(bytes));
    check(`${what}: ${expected}`, expected.test(text), text.slice(0, 60));
    check(`${what}: no data`, !/totalCount":\d/.test(text), text.slice(-80));
  }
  check('no upstream call', target.fixture.upstream.calls === calls, target.fixture.upstream.calls - calls);
  const many = await context.send({
    ...graphqlRequest(target, '{ __typename }'),
    headers: {
      ...jsonHeaders(target),
      ...Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, 'x'])),
    },
  });
  check('101 headers', [200, 400, 431].includes(many.status), many.status);
  const own = jsonHeaders(target);
  const whole = (query: string) => {
    const content = JSON.stringify({ query });
    const headers = Object.entries({ ...own, host: 'gateway', 'content-length': String(content.length) });
    return request(
      'POST /graphql HTTP/1.1',
      headers.map(([name, value]) => `${name}: ${value}`),
      content,
    );
  };
  const pipelined = await target.client.raw([
    whole('{ a: __typename }') + whole('{ b: nothing }') + whole('{ c: __typename }'),
  ]);
  const order = [...pipelined.text.matchAll(/"(a|c)":"Query"|"errors"/g)].map(
    ([found, name]) => name ?? found,
  );
  check('pipelined answers come in order', order.join() === 'a,"errors",c', order.join());
}
