import type { AttackRequest } from '../client.ts';
import type { Row, TestContext } from '../test-context.ts';

// A73: tokens with a good signature that were made for another purpose, and an issuer that is down.

const asking = (token: string): AttackRequest => ({
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ query: '{ __typename }' }),
});

export const tokenRows: readonly Row[] = [
  { id: 'A73', what: 'tokens of another kind, and an issuer that is down', run: strictTokens },
];

async function strictTokens({ target, send, check, refused }: TestContext): Promise<void> {
  const { issuer, secrets } = target.fixture;
  const now = Math.floor(Date.now() / 1_000);
  const claims = { tenant: 'partner', scope: 'read' };
  const sign = async (more: object, header = {}) => {
    const token = await issuer.sign({ ...claims, ...more }, header);
    secrets.add(token);
    return token;
  };
  for (const typ of ['at+jwt', 'JWT', 'application/at+jwt']) {
    const { status, text } = await send(asking(await sign({}, { typ })));
    check(`${typ} is taken`, status === 200, text);
  }
  const wrong: readonly (readonly [what: string, more: object, header?: object | undefined])[] = [
    ...['logout+jwt', 'dpop+jwt', 'secevent+jwt', 'application/logout+jwt', ''].map(
      (typ) => [`typ ${typ}`, {}, { typ }] as const,
    ),
    ['a logout token', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    ['an ID token', { nonce: 'n' }],
    ['exp 1e308', { exp: 1e308 }],
    ['exp in ten years', { exp: now + 315_360_000 }],
    ['exp with a fraction', { exp: now + 600.5 }],
    ['exp as text', { exp: String(now + 600) }],
    ['iat 1e308', { iat: 1e308 }],
    ['iat tomorrow', { iat: now + 86_400, exp: now + 90_000 }],
    ['nbf tomorrow', { nbf: now + 86_400, exp: now + 90_000 }],
    ['sub as an object', { sub: { a: 1 } }],
    ['sub as a number', { sub: 7 }],
    ['no word in sub', { sub: '' }],
    ['sub of 4 KB', { sub: 'x'.repeat(4_096) }],
    ['crit', {}, { crit: ['https://issuer.example/odd'], 'https://issuer.example/odd': true }],
  ];
  for (const [what, more, header] of wrong)
    await refused(what, asking(await sign(more, header)), { codes: ['UNAUTHENTICATED'], statuses: [401] });

  const good = asking(await sign({}));
  issuer.mode = 'down';
  try {
    const known = await send(good);
    check('issuer down: known keys go on', known.status === 200, known.text);
    // One that has not read the keys yet.
    await using cold = await target.variant({});
    const { status, text, headers } = await cold.client.send(good);
    check(
      'issuer down: 503',
      status === 503 && text.includes('"AUTHENTICATION_UNAVAILABLE"'),
      `${status} ${text}`,
    );
    check('issuer down: Retry-After', /^\d+$/.test(String(headers['retry-after'])), headers['retry-after']);
    const expired = await cold.client.send(asking(await sign({ exp: now - 600 })));
    check('issuer down: an expired token is 401', expired.status === 401, expired.text);
  } finally {
    issuer.mode = 'well';
  }
}
