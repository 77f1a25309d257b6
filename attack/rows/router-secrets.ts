import type { AttackRequest } from '../client.ts';
import { headerLines } from '../endpoint.ts';
import { times } from '../inputs/attack-requests.ts';
import { complex, unauthenticated } from '../inputs/refusals.ts';
import type { Keyring } from '../keys.ts';
import { graphqlRequest, type Row, type TestContext } from '../test-context.ts';

// A81: the secret by which a router shows that it is one.

export const routerSecretRows: readonly Row[] = [
  { id: 'A81', what: 'wrong, partial and repeated secrets of a router', atSubgraph: true, run: wrongSecrets },
];

const MOST_FAILURES = 5;
const UNITS = '{ salesUnits { totalCount } }';

async function wrongSecrets({ target, refused, send, check }: TestContext): Promise<void> {
  const { fixture, endpoint } = target;
  const { SUBGRAPH_SECRET: secret } = fixture.subgraphEnv;
  const foundBefore = fixture.secrets.found.length;
  const last = secret.endsWith('A') ? 'B' : 'A';
  const wrong: readonly (readonly [what: string, header: string | undefined])[] = [
    ['no secret', undefined],
    ['an empty one', ''],
    ['no scheme', secret],
    ['another scheme', `Basic ${secret}`],
    ['the scheme alone', 'Bearer'],
    ['no word', 'Bearer '],
    ['another', 'Bearer wrong'],
    ['half of it', `Bearer ${secret.slice(0, secret.length / 2)}`],
    ['one byte less', `Bearer ${secret.slice(0, -1)}`],
    ['one byte more', `Bearer ${secret}A`],
    ['the last byte off', `Bearer ${secret.slice(0, -1)}${last}`],
    ['other letters', `Bearer ${swapCase(secret)}`],
    ['two in one', `Bearer ${secret}, Bearer ${secret}`],
    ['two words', `Bearer ${secret} ${secret}`],
    ['a letter of another alphabet', `Bearer ${secret.slice(0, -1)}\u00e6`],
    ['the prototype', 'Bearer __proto__'],
    ['4 KB', `Bearer ${'x'.repeat(4_096)}`],
    ['spaces', `Bearer ${' '.repeat(4_000)}x`],
    ['its own key', `Bearer ${fixture.keyring.router.key}`],
  ];
  const asking = (key: keyof Keyring, header: string | undefined, body?: string): AttackRequest => {
    const { 'router-authorization': _replaced, ...headers } =
      graphqlRequest(target, '', undefined, key).headers ?? {};
    return {
      bare: true,
      headers: { ...headers, ...(header !== undefined && { 'router-authorization': header }) },
      body: body ?? JSON.stringify({ query: UNITS }),
    };
  };
  const answers = new Set<string>();
  for (const [what, header] of wrong)
    for (const key of ['router', 'page'] as const) {
      const reply = await refused(`${what}, ${key}`, asking(key, header), unauthenticated);
      answers.add(withoutId(reply?.text));
      await refused(
        `${what}, ${key}, an unread body`,
        asking(key, header, '{ this is none'),
        unauthenticated,
      );
    }
  const right = `Bearer ${secret}`;
  const good = await send(asking('page', right));
  check('the right one is taken', /totalCount":\d/.test(good.text), good.text);
  const wrongKey = await refused(
    'the right one with a wrong key',
    {
      ...asking('page', right),
      headers: { ...asking('page', right).headers, authorization: 'Bearer mg_wrong' },
    },
    unauthenticated,
  );
  answers.add(withoutId(wrongKey?.text));
  check('nobody learns which of the two was wrong', answers.size === 1, [...answers].join(' '));
  const elsewhere = `${endpoint.path}?router-authorization=${secret}`;
  await refused('in the URL', { ...asking('router', undefined), path: elsewhere }, unauthenticated);

  const body = JSON.stringify({ query: UNITS });
  const head = `POST ${endpoint.path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nAuthorization: Bearer ${fixture.keyring.router.key}\r\n`;
  const routerLine = headerLines(endpoint.headers);
  for (const [what, lines, expected] of [
    ['twice the same', routerLine + routerLine, /^HTTP\/1\.1 400/],
    ['a wrong one first', `Router-Authorization: Bearer x\r\n${routerLine}`, /^HTTP\/1\.1 400/],
    ['a wrong one last', `${routerLine}ROUTER-AUTHORIZATION: Bearer x\r\n`, /^HTTP\/1\.1 400/],
    ['a megabyte', `Router-Authorization: Bearer ${'x'.repeat(1_000_000)}\r\n`, /^HTTP\/1\.1 4(31|01)/],
  ] as const) {
    const { calls } = fixture.upstream;
    const { text } = await target.client.raw([`${head}${lines}\r\n${body}`]);
    check(`${what}: ${expected}`, expected.test(text), text.slice(0, 60));
    check(`${what}: no data`, !/totalCount":\d/.test(text), text.slice(-80));
    check(`${what}: no call`, fixture.upstream.calls === calls, fixture.upstream.calls - calls);
  }
  await refused(
    'more than a router may, with a key of a browser',
    {
      ...asking('page', right),
      body: JSON.stringify({ query: `{ ${times(endpoint.tooMany.aliases, (i) => `a${i}: __typename`)} }` }),
    },
    complex,
  );
  // The secret opens nothing elsewhere.
  const atClients = { ...asking('page', right), path: '/graphql' };
  await refused(
    'the limits of a router at /graphql',
    { ...atClients, body: JSON.stringify({ query: `{ ${times(16, (i) => `a${i}: __typename`)} }` }) },
    complex,
  );
  await guesses(target, check);

  await send(graphqlRequest(target, '{ salesUnit(msn: "1234567") { name } }'));
  check('it never goes upstream', fixture.upstream.withHeader(secret) === 0);
  for (const path of ['/metrics', '/readyz', '/livez'])
    fixture.secrets.look('the admin port', await (await fetch(target.adminUrl + path)).text());
  fixture.secrets.look('stdout', target.process.stdout);
  fixture.secrets.look('stderr', target.process.stderr);
  const found = fixture.secrets.found.slice(foundBefore);
  check('no secret in an answer, a log or a metric', found.length === 0, found.slice(0, 3).join('; '));
  check('the log says something', target.process.stdout.includes('authentication failed'));
}

/** Guessed secrets count as guessed keys do. */
async function guesses(target: TestContext['target'], check: TestContext['check']): Promise<void> {
  await using limited = await target.variant({ AUTH_FAILURES_PER_MINUTE: String(MOST_FAILURES) });
  const statuses: number[] = [];
  for (let tries = 0; tries < 2 * MOST_FAILURES; tries++) {
    const { headers = {}, body = '' } = graphqlRequest(limited, UNITS, undefined, 'router');
    const guess = { ...headers, 'router-authorization': `Bearer guess-${tries}` };
    statuses.push((await limited.client.send({ headers: guess, body })).status);
  }
  const limitedCount = statuses.filter((status) => status === 429).length;
  check('guesses are limited', limitedCount >= MOST_FAILURES - 1, statuses.join());
  const served = await limited.client.send(graphqlRequest(limited, UNITS, undefined, 'router'));
  check('and lock no router out', served.status === 200, served.text);
}

const withoutId = (text = '') => text.replace(/"requestId":"[^"]*"/g, '');
const swapCase = (text: string) =>
  text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
