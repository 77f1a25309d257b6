import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { createHttpServer } from '../../../src/server/http/http-server.ts';
import { listening, readRaw, sendRaw } from '../../support/raw-http.ts';

const HOST = 'Host: gateway.example:4000';
const JSON_BODY = ['Content-Type: application/json', 'Content-Length: 2'];
const post = (...headers: string[]) => [`POST /graphql HTTP/1.1`, HOST, ...JSON_BODY, ...headers, '', '{}'];
const get = (target: string, host = HOST) => [`GET ${target} HTTP/1.1`, host, '', ''];
const doubled = (header: string) => post(header, header);

async function ask(lines: readonly string[]) {
  const reached: string[] = [];
  const server = createHttpServer((request, response) => {
    reached.push(request.url ?? '');
    request.resume();
    response.setHeader('connection', 'close').end('reached');
  });
  await using _open = await listening(server);
  return { ...readRaw(await sendRaw(server, lines.join('\r\n'))), reached };
}

it.each([
  ['dots', 400, get('/x/../graphql')],
  ['one dot', 400, get('/./graphql')],
  ['dots at the end', 400, get('/graphql/..')],
  ['encoded dots', 400, get('/x/%2e%2e/graphql')],
  ['half encoded dots', 400, get('/x/.%2E/graphql')],
  ['backslashes', 400, get('/x\\..\\graphql')],
  ['a backslash', 400, get('\\graphql')],
  ['a fragment', 400, get('/graphql#x')],
  ['bytes beyond ASCII', 400, get('/gr\xe6phql')],
  ['an absolute form', 400, get('http://gateway.example/graphql')],
  ['an authority', 400, get('gateway.example:4000')],
  ['an asterisk', 400, ['OPTIONS * HTTP/1.1', HOST, '', '']],
  ['CONNECT', 405, ['CONNECT gateway.example:443 HTTP/1.1', HOST, '', '']],
  ['an unknown method', 400, ['FETCH /graphql HTTP/1.1', HOST, '', '']],
  ['no HTTP', 400, ['hello', '', '']],
  ['no host', 400, ['GET /graphql HTTP/1.1', '', '']],
  ['an empty host', 400, get('/graphql', 'Host: ')],
  ['two hosts', 400, get('/graphql', `${HOST}\r\n${HOST}`)],
  ['two different hosts', 400, get('/graphql', `${HOST}\r\nhOST: evil.example`)],
  ['two hosts in one header', 400, get('/graphql', 'Host: a.example, b.example')],
  ['a host with a user', 400, get('/graphql', 'Host: user@gateway.example')],
  ['a host with a path', 400, get('/graphql', 'Host: gateway.example/x')],
  ['a host with a scheme', 400, get('/graphql', 'Host: http://gateway.example')],
  ['a host with two ports', 400, get('/graphql', 'Host: gateway.example:1:2')],
  ['a host with a port of no number', 400, get('/graphql', 'Host: gateway.example:x')],
  ['a host with a port too high', 400, get('/graphql', 'Host: gateway.example:65536')],
  ['a host of a broken IPv6 address', 400, get('/graphql', 'Host: [::1')],
  ['a host of dots', 400, get('/graphql', 'Host: ..')],
  ['a host of an impossible address', 400, get('/graphql', 'Host: 1.2.3.4.5')],
  ['a host with a percent', 400, get('/graphql', 'Host: %67ateway')],
  ['an unknown expectation', 417, post('Expect: foo')],
  ['an unknown expectation beside a known one', 417, post('Expect: 100-continue, foo')],
  ['two keys', 400, doubled('Authorization: Bearer x')],
  ['two content types', 400, post('content-type: text/plain')],
  ['two lengths', 400, post('Content-Length: 2')],
  ['two different lengths', 400, post('Content-Length: 3')],
  ['two lengths in one header', 400, ['POST /graphql HTTP/1.1', HOST, 'Content-Length: 2, 2', '', '{}']],
  ['two origins', 400, doubled('Origin: https://good.example')],
  ['two fetch sites', 400, doubled('Sec-Fetch-Site: none')],
  ['two subscription keys', 400, doubled('Ocp-Apim-Subscription-Key: x')],
  ['two request ids', 400, doubled('X-Request-Id: x')],
  ['a length and chunks', 400, post('Transfer-Encoding: chunked')],
  [
    'two codings',
    400,
    ['POST /graphql HTTP/1.1', HOST, ...Array(2).fill('Transfer-Encoding: chunked'), '', '0', '', ''],
  ],
  [
    'an unknown coding',
    501,
    ['POST /graphql HTTP/1.1', HOST, 'Transfer-Encoding: gzip, chunked', '', '0', '', ''],
  ],
  [
    'a coding of HTTP/1.0',
    400,
    ['POST /graphql HTTP/1.0', HOST, 'Transfer-Encoding: chunked', '', '0', '', ''],
  ],
  ['a header without a name', 400, get('/graphql', `${HOST}\r\n: x`)],
  ['a header on two lines', 400, get('/graphql', `${HOST}\r\nX-Long: a\r\n b`)],
  ['101 headers', 431, get('/graphql', [HOST, ...Array(100).fill('x: x')].join('\r\n'))],
  ['9 KB of headers', 431, get('/graphql', `${HOST}\r\nx: ${'x'.repeat(9 * 1024)}`)],
])('refuses %s with %s in the form of every error', async (_what, expected, lines) => {
  const { status, head, body, reached } = await ask(lines);
  expect([status, body]).toEqual([expected, expect.any(String)]);
  expect(JSON.parse(body)).toMatchObject({
    errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST', retryable: false } }],
  });
  for (const header of [
    'content-type: application/json',
    'x-content-type-options: nosniff',
    'cache-control: no-store',
  ])
    expect(head).toContain(header);
  expect(head).toContain('connection: close');
  expect(reached).toEqual([]);
});

it.each([
  ['a search', get('/graphql?query={__typename}&variables={"a":"../%2e%2e"}')],
  ['an encoded letter, which stays what it is', get('/%67raphql')],
  ['two slashes, which stay what they are', get('//graphql')],
  ['a host in capitals', get('/graphql', 'Host: GATEWAY.example')],
  ['a host with an underscore', get('/graphql', 'Host: my_service:80')],
  ['a host that ends in a dot', get('/graphql', 'Host: gateway.example.')],
  ['an IPv6 host', get('/graphql', 'Host: [2001:db8::1]:4000')],
  ['no host in HTTP/1.0', ['GET /graphql HTTP/1.0', '', '']],
  [
    'an offer to upgrade, which is not taken',
    get('/graphql', `${HOST}\r\nConnection: Upgrade\r\nUpgrade: h2c`),
  ],
  ['two headers that may be repeated', get('/graphql', `${HOST}\r\nAccept: a/b\r\nAccept: c/d`)],
  ['chunks', ['POST /graphql HTTP/1.1', HOST, 'Transfer-Encoding: CHUNKED', '', '0', '', '']],
])('takes %s', async (_what, lines) => {
  const { status, body, reached } = await ask(lines);
  expect([status, body]).toEqual([200, 'reached']);
  expect(reached).toEqual([lines[0]?.split(' ')[1]]);
});

it('lets a client wait for 100 before it sends its body, unless the request is refused', async () => {
  const server = createHttpServer((request, response) => {
    request.resume().on('end', () => response.setHeader('connection', 'close').end('reached'));
  });
  await using open = await listening(server);
  const socket = connect(open.port, '127.0.0.1').setEncoding('latin1');
  socket.write(['POST / HTTP/1.1', HOST, 'Content-Length: 2', 'Expect: 100-Continue', '', ''].join('\r\n'));
  const [first] = await once(socket, 'data');
  expect(first).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('{}');
  const [second] = await once(socket, 'data');
  expect(readRaw(second)).toMatchObject({ status: 200 });
  socket.destroy();
  const refused = await sendRaw(
    server,
    post('Expect: 100-continue', 'Authorization: a', 'Authorization: b').join('\r\n'),
  );
  expect(readRaw(refused).status).toBe(400);
});
