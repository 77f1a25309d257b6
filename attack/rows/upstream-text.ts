import { graphqlRequest, type Row, readJson, type TestContext } from '../test-context.ts';

// A71: what the upstream, or the issuer of a token, writes.

const UNITS = 'GET /management/v1/sales-units';
const UNIT = 'GET /management/v1/sales-units/{msn}';
const ORDERS = 'GET /management/v2/product-orders';
const LONGEST_LINE = 8 * 1024;
const FORGED = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]|\\u00[01]|\\u007f|\\[nrt]/;
const evil = 'Evil\u202e\u2066\u0000\u001b[2J\r\n{"level":"fatal"}';
const businessIdentifier = { scheme: 'business:NO:ORG', id: '123456785' };

export const upstreamTextRows: readonly Row[] = [
  { id: 'A71', what: 'links, long texts and control characters of the upstream', run: upstreamText },
];

async function upstreamText({ target, send, check }: TestContext): Promise<void> {
  const { sandbox, issuer } = target.fixture;
  const from = target.process.stdout.length;
  const ask = async (query: string) =>
    (await send(graphqlRequest(target, query, undefined, 'otherMerchant'))).text;

  sandbox.fault({
    route: UNITS,
    status: 200,
    contentType: 'application/json',
    body: [
      { msn: '123456', name: evil },
      { msn: '123457', name: 'x'.repeat(1_000_000) },
    ],
  });
  const names = await ask('{ salesUnits { nodes { name } } }');
  check('the rows are there', names.includes('"Evil'), names);
  check('names are clean', !FORGED.test(names), names);
  check('names are cut', names.length < 16_000, names.length);

  const links = ['javascript:alert(1)', 'data:text/html,x', 'http://evil.example/', ' java\nscript:alert(1)'];
  const row = { status: 'RECEIVED', businessIdentifier };
  const productOrderId = (index: number) => `00000000-0000-4000-8000-00000000000${index}`;
  sandbox.fault({
    route: ORDERS,
    status: 200,
    contentType: 'application/json',
    body: links.map((productOrderUrl, index) => ({
      ...row,
      productOrderId: productOrderId(index),
      productOrderUrl,
    })),
  });
  const orders = await ask('{ productOrders { nodes { status url } } }');
  check('rows with bad links are there', orders.match(/"RECEIVED"/g)?.length === links.length, orders);
  check('links are refused', !/script:|data:text|evil\.example/.test(orders), orders);
  check('each at its own path', orders.match(/"url"\]/g)?.length === links.length, orders);

  const problem = {
    type: 't',
    title: evil,
    status: 400,
    detail: `${evil}${'y'.repeat(1_000_000)}`.slice(0, 240_000),
    instance: evil,
  };
  sandbox.fault({ route: UNIT, status: 400, contentType: 'application/problem+json', body: problem });
  const refused = await ask('{ salesUnit(msn: "123456") { configuration { captureType } } }');
  check('no word of a problem is answered', !/Evil|yyyy/.test(refused), refused);

  const token = await issuer.sign({
    tenant: 'otherMerchant',
    scope: 'read',
    sub: `Evil\u202e\u2066\u0007${'z'.repeat(100)}`,
  });
  target.fixture.secrets.add(token);
  await send({
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  sandbox.clearFaults();

  const log = () => target.process.stdout.slice(from);
  const startedAt = performance.now();
  while (!log().includes('jwt Evil') && performance.now() - startedAt < 5_000)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const lines = log().split('\n').slice(0, -1);
  check(
    'the operator reads the problem',
    lines.some((line) => line.includes('"problem"') && line.includes('Evil')),
  );
  check(
    'the operator reads who asked',
    lines.some((line) => line.includes('jwt Evil')),
  );
  for (const line of lines) {
    check('a line is JSON', readJson(line) !== undefined, line);
    check('a line is clean', !FORGED.test(line), line);
    check('a line has 8 KB at most', Buffer.byteLength(line) <= LONGEST_LINE, Buffer.byteLength(line));
  }
}
