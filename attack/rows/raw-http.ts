import { withEncodedLetter } from '../inputs/attack-requests.ts';
import { sendUntilAnswered } from '../inputs/send-raw.ts';
import { graphqlRequest, jsonHeaders, type Row, type TestContext } from '../test-context.ts';

const PIECE = 16 * 1024;
const MEBIBYTE = 1024 * 1024;

export const rawHttpRows: readonly Row[] = [{ id: 'A52', what: 'malformed HTTP', run: rawHttp }];

function* pieces(bytes: string): Generator<string> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.slice(at, at + PIECE);
}

async function rawHttp(context: TestContext): Promise<void> {
  const { target, check } = context;
  const { calls } = target.fixture.upstream;
  const { path } = target.endpoint;
  const body = '{"query":"{ salesUnits { totalCount } }"}';
  const request = (line: string, headers: readonly string[], content = body) =>
    [line, ...headers, '', content].join('\r\n');
  const json = ['Host: gateway', 'Content-Type: application/json', `Content-Length: ${body.length}`];
  const raw: readonly [what: string, bytes: string, expected: RegExp][] = [
    ['no key, HTTP/1.0', request(`POST ${path} HTTP/1.0`, json), /^HTTP\/1\.1 401/],
    ['no key, absolute form', request(`POST http://127.0.0.1${path} HTTP/1.1`, json), /^HTTP\/1\.1 40[014]/],
    [
      'no key, another host in the line',
      request(`POST http://evil.example${path} HTTP/1.1`, json),
      /^HTTP\/1\.1 40[014]/,
    ],
    ['no key, odd path', request(`POST /${path} HTTP/1.1`, json), /^HTTP\/1\.1 4/],
    ['no key, encoded path', request(`POST ${withEncodedLetter(path)} HTTP/1.1`, json), /^HTTP\/1\.1 4/],
    ['no key, path with a slash', request(`POST ${path}/ HTTP/1.1`, json), /^HTTP\/1\.1 4/],
    ['no key, path in capitals', request(`POST ${path.toUpperCase()} HTTP/1.1`, json), /^HTTP\/1\.1 4/],
    ['no key, path in the search', request(`POST /x?y=${path} HTTP/1.1`, json), /^HTTP\/1\.1 4/],
    ['no key, dots', request(`POST /x/..${path} HTTP/1.1`, json), /^HTTP\/1\.1 4/],
    ['no key, matrix', request(`POST ${path};x HTTP/1.1`, json), /^HTTP\/1\.1 4/],
    ['no host', request(`POST ${path} HTTP/1.1`, json.slice(1)), /^HTTP\/1\.1 400/],
    [
      'length and chunks',
      request(`POST ${path} HTTP/1.1`, [...json, 'Transfer-Encoding: chunked']),
      /^HTTP\/1\.1 400/,
    ],
    ['two lengths', request(`POST ${path} HTTP/1.1`, [...json, 'Content-Length: 1']), /^HTTP\/1\.1 400/],
    [
      'chunks spelt oddly',
      request(`POST ${path} HTTP/1.1`, [...json.slice(0, 2), 'Transfer-Encoding: xchunked']),
      /^HTTP\/1\.1 (4|501)/,
    ],
    [
      'bare CR',
      request(`POST ${path} HTTP/1.1`, ['Host: gateway\rX-Evil: 1', ...json.slice(1)]),
      /^HTTP\/1\.1 400/,
    ],
    [
      'header of 32 KB',
      request(`POST ${path} HTTP/1.1`, [...json, `X-Long: ${'x'.repeat(32 * 1024)}`]),
      /^HTTP\/1\.1 431/,
    ],
    [
      'chunk extension of 10 MB',
      `${request(`POST ${path} HTTP/1.1`, [...json.slice(0, 2), 'Transfer-Encoding: chunked'], '')}1;${'x'.repeat(10 * MEBIBYTE)}\r\n`,
      /^HTTP\/1\.1 4/,
    ],
  ];
  for (const [what, bytes, expected] of raw) {
    const { text } = await sendUntilAnswered(target.client, () => pieces(bytes));
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
      `POST ${path} HTTP/1.1`,
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
