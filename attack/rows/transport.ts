import type { Wire } from '../client.ts';
import { GOOD_ORIGIN } from '../stage.ts';
import { gq, jsonHeaders, type Refusal, type Row, type Trial } from '../trial.ts';

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

const get = ({ target }: Trial, search: string, method = 'GET', headers = {}): Wire => ({
  method,
  path: `/graphql?${search}`,
  headers: { ...jsonHeaders(target), ...headers },
});
const typed = ({ target }: Trial, type: string | undefined, body = '{"query":"{ __typename }"}'): Wire => {
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
    run: async (trial) => {
      await trial.refused('GET', get(trial, `query=${query}`), noGet);
    },
  },
  {
    id: 'A13',
    what: 'a change by GET, HEAD and a method in a header',
    run: async (trial) => {
      const orders = trial.target.stage.sandbox.stats().orders;
      await trial.refused('GET', get(trial, `query=${remove}`), noGet);
      await trial.refused('HEAD', get(trial, `query=${remove}`, 'HEAD'), { statuses: [405] });
      await trial.refused(
        'override',
        get(trial, `query=${remove}`, 'GET', { 'x-http-method-override': 'POST' }),
        noGet,
      );
      for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE'])
        await trial.refused(
          method,
          { ...gq(trial.target, '{ __typename }'), method },
          { statuses: [400, 404, 405] },
        );
      trial.check('no order was made', trial.target.stage.sandbox.stats().orders === orders);
    },
  },
  {
    id: 'A14',
    what: 'broken variables in a URL',
    run: async (trial) => {
      const refusal = { statuses: [400, 405] };
      await trial.refused('variables', get(trial, `query=${query}&variables=%7B`), refusal);
      await trial.refused('extensions', get(trial, `query=${query}&extensions=%7B`), refusal);
      await trial.refused('per cent', get(trial, 'query=%E0%A4%A'), refusal);
    },
  },
  {
    id: 'A15',
    what: 'a form',
    run: async (trial) => {
      await trial.refused('form', typed(trial, 'application/x-www-form-urlencoded', form), unsupported);
    },
  },
  {
    id: 'A16',
    what: 'other content types',
    run: async (trial) => {
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
      for (const type of types) await trial.refused(type ?? 'none', typed(trial, type), unsupported);
    },
  },
  {
    id: 'A17',
    what: 'a multipart form that names the prototype',
    run: async (trial) => {
      await trial.refused('map', typed(trial, 'multipart/form-data; boundary=b', multipart), unsupported);
    },
  },
  { id: 'A18', what: 'bodies without measure', run: bodies },
  {
    id: 'A19',
    what: 'bodies that are no request',
    run: async (trial) => {
      const { headers = {} } = gq(trial.target, '');
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
        await trial.refused(String(body).slice(0, 60) || 'empty', { headers, body }, refusal);
      // JSON allows it, and every reader in this process takes the last one.
      const twice = await trial.send({ headers, body: '{"query":"{ cAnArY }","query":"{ __typename }"}' });
      trial.check(
        'duplicate keys: one reading',
        twice.status === 400 || twice.text === '{"data":{"__typename":"Query"}}',
        twice.text,
      );
    },
  },
  {
    id: 'A37',
    what: 'pages',
    run: async (trial) => {
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
        const reply = await trial.send({ method: 'GET', path, headers: { accept: 'text/html' } });
        trial.check(
          `${path} is 404 or 405, or asks who`,
          [401, 404, 405].includes(reply.status),
          reply.status,
        );
        trial.check(`${path} shows no page`, !/<html|graphiql|yoga/i.test(reply.text), reply.text);
        const tells = ['server', 'x-powered-by'].filter((name) => reply.headers[name] !== undefined);
        trial.check(`${path} names no software`, tells.length === 0, tells);
      }
    },
  },
  {
    id: 'A38',
    what: 'other origins',
    run: async (trial) => {
      const evil = [
        'https://evil.example',
        'null',
        `${GOOD_ORIGIN}.evil.example`,
        'http://good.example',
        'https://GOOD.example',
      ];
      for (const origin of evil)
        for (const method of ['POST', 'OPTIONS']) {
          const base = gq(trial.target, '{ __typename }');
          const preflight = {
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization',
          };
          const headers = { ...base.headers, origin, ...(method === 'OPTIONS' && preflight) };
          const reply = await trial.send(method === 'OPTIONS' ? { method, headers } : { ...base, headers });
          trial.check(
            `${method} of ${origin}: no origin allowed`,
            reply.headers['access-control-allow-origin'] === undefined,
            reply.headers['access-control-allow-origin'],
          );
        }
      const base = gq(trial.target, '{ __typename }');
      const good = await trial.send({ ...base, headers: { ...base.headers, origin: GOOD_ORIGIN } });
      trial.check(
        'a listed origin is allowed, exactly',
        good.headers['access-control-allow-origin'] === GOOD_ORIGIN,
        good.headers['access-control-allow-origin'],
      );
      trial.check('caches are told', /origin/i.test(String(good.headers['vary'])), good.headers['vary']);
      trial.check('without credentials', good.headers['access-control-allow-credentials'] === undefined);
    },
  },
  {
    id: 'A39',
    what: 'requests that a page of another site can make',
    run: async (trial) => {
      const cookie = 'session=cAnArY';
      const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'];
      for (const type of simple) {
        const { headers, body } = typed(trial, type);
        await trial.refused(
          type,
          { headers: { ...headers, cookie }, ...(body !== undefined && { body }) },
          unsupported,
        );
      }
      const own = gq(trial.target, '{ __typename }');
      const headers = {
        ...own.headers,
        cookie,
        'sec-fetch-site': 'cross-site',
        origin: 'https://evil.example',
      };
      await trial.refused(
        'cross-site',
        { ...own, headers },
        { codes: ['BAD_REQUEST', 'FORBIDDEN'], statuses: [403] },
      );
      const { 'content-type': type = '' } = own.headers ?? {};
      await trial.refused(
        'a cookie alone',
        { headers: { 'content-type': type, cookie }, body: own.body ?? '' },
        { codes: ['UNAUTHENTICATED'], statuses: [401] },
      );
    },
  },
  {
    id: 'A45',
    what: 'parameters that do not belong there',
    run: async (trial) => {
      const refusal: Refusal = { codes: ['BAD_REQUEST'], silentAbout: ['cAnArY'] };
      const { target } = trial;
      await trial.refused(
        'unknown',
        gq(target, '{ __typename }', undefined, 'browser', { cAnArY: 1 }),
        refusal,
      );
      await trial.refused(
        'two operations',
        gq(target, 'query A { __typename } query B { __typename }'),
        refusal,
      );
      await trial.refused(
        'a name for none',
        gq(target, 'query A { __typename }', undefined, 'browser', { operationName: 'cAnArY' }),
        refusal,
      );
      await trial.refused(
        'a name of 1 MB',
        gq(target, 'query A { __typename }', undefined, 'browser', {
          operationName: 'cAnArY'.repeat(170_000),
        }),
        { ...refusal, statuses: [400, 413] },
      );
    },
  },
  {
    id: 'A50',
    what: 'probes and debugging from outside',
    run: async (trial) => {
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
        const reply = await trial.send({ method: 'GET', path });
        trial.check(`${path} is not there`, reply.status === 404, reply.status);
      }
    },
  },
  { id: 'A51', what: 'transports that are not offered', run: otherTransports },
  { id: 'A52', what: 'HTTP that is not right', run: rawHttp },
];

async function bodies(trial: Trial): Promise<void> {
  const { target } = trial;
  const { headers = {} } = gq(target, '');
  const tooLarge: Refusal = { codes: ['BAD_REQUEST'], statuses: [413] };
  const padded = (bytes: number) => `{"query":"{ __typename }"${' '.repeat(bytes - 25)}}`;
  await trial.refused('limit + 1', { headers, body: padded(BODY_LIMIT + 1) }, tooLarge);
  const zipped = { ...headers, 'content-encoding': 'gzip' };
  const bomb = Buffer.from('H4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA', 'base64');
  await trial.refused('gzip', { headers: zipped, body: bomb }, unsupported);
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
  trial.check('1 GB in chunks: 413', /^HTTP\/1\.1 413/.test(endless.text), endless.text.slice(0, 40));
  // What the system keeps in the buffers of both sockets counts too.
  trial.check('1 GB in chunks: not read', endless.sent <= BODY_LIMIT + 12 * MEBIBYTE, endless.sent);
  const promised = await target.client.raw([head(`Content-Length: ${1024 * MEBIBYTE}`)]);
  trial.check(
    '1 GB promised: 413 at once',
    /^HTTP\/1\.1 413/.test(promised.text),
    promised.text.slice(0, 40),
  );
}

async function otherTransports(trial: Trial): Promise<void> {
  const { target } = trial;
  await trial.refused('subscription', gq(target, 'subscription { x }'), {
    codes: ['BAD_REQUEST'],
    statuses: [400, 405],
  });
  const refusal: Refusal = { codes: ['BAD_REQUEST', 'OPERATION_TOO_COMPLEX'] };
  await trial.refused('@defer', gq(target, '{ ... @defer { viewer { tenant } } }'), refusal);
  await trial.refused('@stream', gq(target, '{ salesUnits { nodes @stream { msn } } }'), refusal);
  const sse = gq(target, '{ __typename }');
  const reply = await trial.send({ ...sse, headers: { ...sse.headers, accept: 'text/event-stream' } });
  trial.check(
    'no event stream',
    !/event-stream/.test(String(reply.headers['content-type'])),
    reply.headers['content-type'],
  );
  const authorization = sse.headers?.['authorization'];
  const upgrade = await target.client.raw([
    `GET /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: ${authorization}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  ]);
  trial.check('no WebSocket', !/^HTTP\/1\.1 101/.test(upgrade.text), upgrade.text.slice(0, 40));
}

function* pieces(bytes: string): Generator<string> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.slice(at, at + PIECE);
}

async function rawHttp(trial: Trial): Promise<void> {
  const { target, check } = trial;
  const { calls } = target.stage.upstream;
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
  check('no upstream call', target.stage.upstream.calls === calls, target.stage.upstream.calls - calls);
  const many = await trial.send({
    ...gq(target, '{ __typename }'),
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
