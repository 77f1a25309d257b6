import { createHmac } from 'node:crypto';
import type { AttackRequest } from '../client.ts';
import { FRUGAL_POINTS } from '../keys.ts';
import {
  graphqlRequest,
  jsonHeaders,
  type Refusal,
  type Row,
  readJson,
  type TestContext,
} from '../test-context.ts';

// A26, A30, A34, A36, A44, A53, A54, A57: who asks.

const unauthenticated: Refusal = { codes: ['UNAUTHENTICATED'], statuses: [401] };
const asking = (
  authorization: string | undefined,
  query = '{ salesUnits { totalCount } }',
): AttackRequest => ({
  headers: {
    'content-type': 'application/json',
    ...(authorization !== undefined && { authorization }),
  },
  body: JSON.stringify({ query }),
});

export const callerRows: readonly Row[] = [
  { id: 'A26', what: 'keys that are none', run: wrongKeys },
  { id: 'A30', what: 'the same client id with another secret', run: almostTheSameKeys },
  {
    id: 'A34',
    what: 'what orders hold of secrets',
    run: async ({ target, send, check, refused }) => {
      const reply = await send(
        graphqlRequest(target, '{ salesUnits(first: 1) { nodes { msn } } }', undefined, 'partner'),
      );
      check(
        'answers are not for caches',
        /no-store/.test(String(reply.headers['cache-control'])),
        reply.headers['cache-control'],
      );
      for (const field of [
        'settlementBankAccount { id }',
        'website { testWebsitePassword }',
        'bankAccount { id }',
      ])
        await refused(
          field,
          graphqlRequest(target, `{ productOrders(first: 1) { nodes { ${field} } } }`, undefined, 'partner'),
          { codes: ['BAD_REQUEST', 'FORBIDDEN'] },
        );
      const order =
        'mutation { deleteProductOrder(input: { productOrderId: "00000000-0000-4000-8000-000000000000" }) { deletedProductOrderId } }';
      await refused('a change without the scope', graphqlRequest(target, order, undefined, 'reading'), {
        codes: ['FORBIDDEN'],
        statuses: [200, 400, 403],
      });
    },
  },
  {
    id: 'A36',
    what: 'lines for the log',
    run: async ({ target, send, check }) => {
      const evil = '\n{"level":"fatal","msg":"cAnArY"}\u001b[2J';
      const name = 'cAnArY_operation';
      await send(
        graphqlRequest(target, `query ${name} { __typename }`, undefined, 'browser', { operationName: name }),
      );
      await send(graphqlRequest(target, '{ __typename }', undefined, 'browser', { operationName: evil }));
      await send(graphqlRequest(target, 'query ($m: String!) { salesUnit(msn: $m) { name } }', { m: evil }));
      const base = graphqlRequest(target, '{ __typename }');
      await send({
        ...base,
        headers: {
          ...base.headers,
          'user-agent': 'x\u001b[2J{"level":"fatal"}',
          'x-request-id': '{"level":"fatal"}',
        },
      }).catch(() => undefined);
      const lines = target.process.stdout.split('\n').slice(0, -1);
      check(
        'every line is JSON',
        lines.every((line) => readJson(line) !== undefined),
        lines.find((line) => !readJson(line)),
      );
      check('no line is of the client', !lines.some((line) => /^\{"level":"fatal"/.test(line)));
      check('no control character', !target.process.stdout.includes('\u001b'));
    },
  },
  {
    id: 'A44',
    what: 'documents by their hash that nobody has trusted',
    run: async ({ target, refused, send, check }) => {
      const sha256Hash = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38';
      const persistedQuery = (query: string | undefined, hash = sha256Hash): AttackRequest => ({
        headers: jsonHeaders(target),
        body: JSON.stringify({
          ...(query !== undefined && { query }),
          extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
        }),
      });
      const codes = ['PERSISTED_QUERY_NOT_FOUND', 'BAD_REQUEST'];
      await refused('unknown', persistedQuery(undefined), { codes, statuses: [200, 400, 404] });
      await send(persistedQuery('{ __typename }'));
      const { text } = await send(persistedQuery(undefined));
      check('nothing is registered by asking', !text.includes('"Query"'), text);
      await refused(
        'as documentId',
        { headers: jsonHeaders(target), body: JSON.stringify({ documentId: sha256Hash }) },
        { codes, statuses: [200, 400, 404] },
      );
    },
  },
  { id: 'A53', what: 'tokens that are none', run: wrongTokens },
  { id: 'A54', what: 'keys that a caller brings along', run: ownKeys },
  { id: 'A57', what: 'ten times what a tenant may spend', run: rateLimit },
];

async function wrongKeys(context: TestContext): Promise<void> {
  const { target, refused, check } = context;
  const { key } = target.fixture.keyring.partner;
  const last = key.at(-1) === 'A' ? 'B' : 'A';
  // Every one of them with a body that would be refused as well, had it been read.
  const unread = '{ this is no document';
  const wrong: readonly [what: string, authorization: string | undefined][] = [
    ['none', undefined],
    ['empty', ''],
    ['no scheme', key],
    ['another scheme', `Basic ${key}`],
    ['wrong', 'Bearer mg_wrong'],
    ['only the prefix', 'Bearer mg_'],
    ['last byte off', `Bearer ${key.slice(0, -1)}${last}`],
    ['one byte less', `Bearer ${key.slice(0, -1)}`],
    ['one byte more', `Bearer ${key}A`],
    ['two in one', `Bearer ${key}, Bearer ${key}`],
    ['4 KB', `Bearer mg_${'x'.repeat(4_096)}`],
    ['prototype', 'Bearer __proto__'],
  ];
  for (const [what, authorization] of wrong) {
    await refused(what, asking(authorization), unauthenticated);
    await refused(`${what}, with a body that is none`, asking(authorization, unread), unauthenticated);
  }
  await refused(
    'in the URL',
    { ...asking(undefined), path: `/graphql?authorization=${key}&key=${key}` },
    unauthenticated,
  );
  await refused(
    'in the body',
    {
      ...asking(undefined),
      body: JSON.stringify({ query: '{ __typename }', authorization: `Bearer ${key}` }),
    },
    { ...unauthenticated, silentAbout: [key] },
  );
  const huge = await target.client.raw([
    `POST /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer mg_${'x'.repeat(1_000_000)}\r\n\r\n`,
  ]);
  check('1 MB: 431', /^HTTP\/1\.1 (431|401)/.test(huge.text), huge.text.slice(0, 60));
  const body = '{"query":"{ __typename }"}';
  const twice = await target.client.raw([
    `POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nAuthorization: Bearer ${key}\r\nAuthorization: Bearer ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ]);
  check('two headers: 400', /^HTTP\/1\.1 400/.test(twice.text), twice.text.slice(0, 60));
  // An answer before the body has come shows that nobody waits for it.
  const unsent = await target.client.raw([
    'POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  ]);
  check('no key: answered before the body', /^HTTP\/1\.1 401/.test(unsent.text), unsent.text.slice(0, 60));
}

const ownHeaders = (
  keys: { clientId: string; clientSecret: string; subscriptionKey: string },
  msn?: string,
) => ({
  'content-type': 'application/json',
  'vipps-client-id': keys.clientId,
  'vipps-client-secret': keys.clientSecret,
  'ocp-apim-subscription-key': keys.subscriptionKey,
  ...(msn !== undefined && { 'merchant-serial-number': msn }),
});
const units = JSON.stringify({ query: '{ salesUnits { nodes { msn name } } }' });

async function almostTheSameKeys({ target, send, check }: TestContext): Promise<void> {
  const { partner, otherPartner } = target.fixture.sandbox.callers;
  const primed = await send({ headers: ownHeaders(partner), body: units });
  check('the right keys see something', /"msn":"\d/.test(primed.text), primed.text);
  const variants: readonly [what: string, keys: typeof partner][] = [
    ['another secret', { ...partner, clientSecret: otherPartner.clientSecret }],
    ['a secret one byte off', { ...partner, clientSecret: `${partner.clientSecret}A` }],
    ['another subscription key', { ...partner, subscriptionKey: 'f'.repeat(32) }],
    ['another client id', { ...partner, clientId: otherPartner.clientId }],
    [
      'a part of one in the other',
      {
        ...partner,
        clientId: partner.clientId + partner.clientSecret[0],
        clientSecret: partner.clientSecret.slice(1),
      },
    ],
  ];
  for (const [what, keys] of variants) {
    const { text } = await send({ headers: ownHeaders(keys), body: units });
    check(`${what}: nothing of what was kept`, !/"msn":"/.test(text), text);
    check(
      `${what}: the upstream refused the keys`,
      /"(UPSTREAM_UNAUTHENTICATED|UNAUTHENTICATED|FORBIDDEN)"/.test(text),
      text,
    );
  }
}

async function wrongTokens({ target, refused, send, check }: TestContext): Promise<void> {
  const { issuer, secrets } = target.fixture;
  const now = Math.floor(Date.now() / 1000);
  const good = await issuer.sign({ tenant: 'partner', scope: 'read' });
  const head = (header: object, claims: object) =>
    [
      header,
      {
        iss: issuer.issuer,
        aud: issuer.audience,
        exp: now + 600,
        tenant: 'partner',
        scope: 'read',
        ...claims,
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
  const hmac = (unsigned: string) =>
    `${unsigned}.${createHmac('sha256', issuer.publicKey).update(unsigned).digest('base64url')}`;
  const wrong: readonly [what: string, token: string][] = [
    ['alg none', `${head({ alg: 'none' }, {})}.`],
    ['alg None', `${head({ alg: 'None' }, {})}.x`],
    ['HS256 with the public key', hmac(head({ alg: 'HS256', kid: 'first' }, {}))],
    ['kid as a path', await issuer.sign({ tenant: 'partner' }, { kid: '../../../../etc/passwd' })],
    ['kid as a URL', await issuer.sign({ tenant: 'partner' }, { kid: 'https://evil.example/keys' })],
    ['jku', hmac(head({ alg: 'HS256', jku: 'https://evil.example/keys' }, {}))],
    ['expired', await issuer.sign({ tenant: 'partner', exp: now - 60 })],
    ['not yet', await issuer.sign({ tenant: 'partner', nbf: now + 600 })],
    ['another audience', await issuer.sign({ tenant: 'partner', aud: 'https://other.example' })],
    ['another issuer', await issuer.sign({ tenant: 'partner', iss: 'https://evil.example' })],
    ['no tenant', await issuer.sign({})],
    ['unknown tenant', await issuer.sign({ tenant: 'cAnArY' })],
    ['tenant __proto__', await issuer.sign({ tenant: '__proto__' })],
    ['tenants in a list', await issuer.sign({ tenant: ['partner'] })],
    [
      'changed claims',
      `${good.split('.')[0]}.${Buffer.from('{"tenant":"partner"}').toString('base64url')}.${good.split('.')[2]}`,
    ],
    ['signature cut', good.slice(0, -4)],
    ['garbage', 'a.b.c'],
  ];
  secrets.add(good, ...wrong.map(([, token]) => token).filter((token) => token.length > 20));
  const answer = await send(asking(`Bearer ${good}`));
  check('a good token is taken', answer.status === 200 && /totalCount":\d/.test(answer.text), answer.text);
  for (const [what, token] of wrong) await refused(what, asking(`Bearer ${token}`), unauthenticated);
  const fetches = issuer.fetches;
  const startedAt = performance.now();
  const unknown = await issuer.sign({ tenant: 'partner' }, { kid: 'unknown' });
  const statuses = new Set<number>();
  for (let round = 0; round < 20; round++) {
    const replies = await Promise.all(Array.from({ length: 50 }, () => send(asking(`Bearer ${unknown}`))));
    for (const { status } of replies) statuses.add(status);
  }
  const most = 1 + Math.floor((performance.now() - startedAt) / 30_000);
  check('1000 unknown kids: 401', [...statuses].join() === '401', [...statuses].join());
  check(
    '1000 unknown kids: one look at the issuer in 30 s',
    issuer.fetches - fetches <= most,
    issuer.fetches - fetches,
  );
}

async function ownKeys({ target, send, check, refused }: TestContext): Promise<void> {
  const { sandbox, upstream, keyring } = target.fixture;
  // A30 mixes keys on purpose.
  upstream.reset();
  const { partner, otherPartner, merchant } = sandbox.callers;
  const foreign = sandbox.data.hidden.msnOfOtherPartner;
  const unit = (msn: string) => JSON.stringify({ query: `{ salesUnit(msn: "${msn}") { msn name } }` });
  const own = await send({ headers: ownHeaders(otherPartner), body: unit(foreign) });
  check('the owner sees it', own.text.includes(`"msn":"${foreign}"`), own.text);
  const other = await send({ headers: ownHeaders(partner), body: unit(foreign) });
  check('another caller does not', /"salesUnit":null/.test(other.text), other.text);
  // Whose unit the header names is for the upstream to judge; it must be asked, and nothing kept may answer for it.
  const named = await send({ headers: ownHeaders(partner, foreign), body: unit(foreign) });
  check(
    'nor with its number in the header',
    /"salesUnit":null|"errors"/.test(named.text) && !named.text.includes('"name":"'),
    named.text,
  );
  const { headers } = { headers: ownHeaders(merchant) };
  await refused(
    'incomplete',
    { headers: { ...headers, 'vipps-client-secret': '' }, body: units },
    unauthenticated,
  );
  await refused('odd number', { headers: ownHeaders(merchant, '../x'), body: units }, unauthenticated);
  await refused(
    'two ways at once',
    { headers: { ...headers, authorization: `Bearer ${keyring.partner.key}` }, body: units },
    { codes: ['BAD_REQUEST'] },
  );
  check('keys of two were never mixed', upstream.mixed === 0, upstream.mixed);
}

async function rateLimit({ target, send, check }: TestContext): Promise<void> {
  const [msn = ''] = target.fixture.sandbox.data.msns;
  const ask = (index: number) => {
    const request = graphqlRequest(target, `{ salesUnit(msn: "${msn}") { name } }`, undefined, 'frugal');
    return send({ ...request, headers: { ...request.headers, 'x-forwarded-for': `10.0.0.${index % 250}` } });
  };
  const replies = [];
  for (let index = 0; index < 10 * FRUGAL_POINTS; index++) replies.push(await ask(index));
  const limited = replies.filter(({ status }) => status === 429);
  // A minute may end while it goes on.
  check('most are refused', limited.length >= 7 * FRUGAL_POINTS, limited.length);
  check('the first is not', replies[0]?.status === 200, replies[0]?.text);
  check(
    'as RATE_LIMITED',
    limited.length > 0 && limited.every(({ text }) => text.includes('"RATE_LIMITED"')),
    limited[0]?.text,
  );
  check(
    'with Retry-After',
    limited.length > 0 && limited.every(({ headers }) => /^\d+$/.test(String(headers['retry-after']))),
    limited[0]?.headers['retry-after'],
  );
  const other = await send(
    graphqlRequest(target, '{ salesUnits(first: 1) { totalCount } }', undefined, 'partner'),
  );
  check('another tenant is served', other.status === 200 && !other.text.includes('errors'), other.text);
}
