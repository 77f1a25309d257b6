import { withEncodedLetter } from '../inputs/attack-requests.ts';
import { jsonHeaders, type Row, readJson, type TestContext } from '../test-context.ts';

/** A74: what two programs on the way of a request could read differently, and what node:http refuses by itself. */
export const strictHttpRows: readonly Row[] = [
  { id: 'A74', what: 'odd paths, hosts and headers', run: oddRequests },
];

const HOST = 'Host: gateway.example';

async function oddRequests(context: TestContext): Promise<void> {
  const { target, check } = context;
  const { path: endpoint, headers: expected } = target.endpoint;
  const body = '{"query":"{ salesUnits { totalCount } }"}';
  const own = Object.entries(jsonHeaders(target)).map(([name, value]) => `${name}: ${value}`);
  const key = `authorization: ${jsonHeaders(target).authorization}`;
  const router = Object.entries(expected).map(([name, value]) => `${name}: ${value}`);
  const length = `Content-Length: ${body.length}`;
  const post = (path: string, headers: readonly string[] = [HOST], framing: readonly string[] = [length]) =>
    [`POST ${path} HTTP/1.1`, ...headers, ...own, ...framing, '', body].join('\r\n');
  const get = (...headers: string[]) =>
    [
      `GET ${endpoint}?query={salesUnits{totalCount}} HTTP/1.1`,
      HOST,
      key,
      ...router,
      ...headers,
      '',
      '',
    ].join('\r\n');
  const requests: readonly [what: string, bytes: string, status: number][] = [
    ['dots', post(`/x/..${endpoint}`), 400],
    ['encoded dots', post(`/x/%2e%2E${endpoint}`), 400],
    ['backslashes', post(`/x\\..\\${endpoint.slice(1)}`), 400],
    ['two slashes', post(`/${endpoint}`), 404],
    ['a slash at the end', post(`${endpoint}/`), 404],
    ['an encoded letter', post(withEncodedLetter(endpoint)), 404],
    ['an encoded slash', post(`/%2f${endpoint.slice(1)}`), 404],
    ['a parameter', post(`${endpoint};x`), 404],
    ['an absolute form', post(`http://gateway.example${endpoint}`), 400],
    ['two hosts', post(endpoint, [HOST, 'Host: evil.example']), 400],
    ['no host', post(endpoint, []), 400],
    ['an odd host', post(endpoint, ['Host: a@b']), 400],
    ['an unknown expectation', post(endpoint, [HOST, 'Expect: foo']), 417],
    ['two keys', post(endpoint, [HOST, key]), 400],
    ['two content types', post(endpoint, [HOST, 'Content-Type: text/plain']), 400],
    ['two origins', post(endpoint, [HOST, 'Origin: https://a.example', 'Origin: https://b.example']), 400],
    ['two lengths', post(endpoint, [HOST], [length, length]), 400],
    ['a length and chunks', post(endpoint, [HOST], [length, 'Transfer-Encoding: chunked']), 400],
    ['an unknown coding', post(endpoint, [HOST], ['Transfer-Encoding: gzip, chunked']), 501],
    ['an origin without Sec-Fetch', get('Origin: https://evil.example'), 403],
    ['an upgrade without a protocol', get('Connection: Upgrade', 'Upgrade: websocket'), 400],
    ['TRACE', [`TRACE ${endpoint} HTTP/1.1`, HOST, '', ''].join('\r\n'), 405],
    ['CONNECT', ['CONNECT gateway.example:443 HTTP/1.1', HOST, '', ''].join('\r\n'), 405],
    ['no HTTP', 'hello\r\n\r\n', 400],
  ];
  const { calls } = target.fixture.upstream;
  for (const [what, bytes, status] of requests) {
    const { text } = await target.client.raw([bytes]);
    const [head = '', content = ''] = text.split('\r\n\r\n', 2);
    check(`${what}: ${status}`, head.startsWith(`HTTP/1.1 ${status} `), head.slice(0, 40));
    const errors = readJson(content.slice(content.indexOf('{'), content.lastIndexOf('}') + 1))?.errors;
    check(`${what}: is an error with a code`, errors?.[0]?.extensions?.['code'] === 'BAD_REQUEST', content);
    check(`${what}: has security headers`, /^x-content-type-options: nosniff/im.test(head), head);
  }
  check('no upstream call', target.fixture.upstream.calls === calls, target.fixture.upstream.calls - calls);
}
