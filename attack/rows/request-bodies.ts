import { unsupported } from '../inputs/refusals.ts';
import { sendUntilAnswered } from '../inputs/send-raw.ts';
import { graphqlRequest, type Refusal, type Row, type TestContext } from '../test-context.ts';

/** A logo of 1000 × 1000 pixels has to fit into an order. */
const BODY_LIMIT = 11 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

export const requestBodyRows: readonly Row[] = [
  { id: 'A18', what: 'oversized bodies', run: bodies },
  {
    id: 'A19',
    what: 'malformed bodies',
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
      `POST ${target.endpoint.path} HTTP/1.1`,
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
  const endless = await sendUntilAnswered(target.client, chunks);
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
