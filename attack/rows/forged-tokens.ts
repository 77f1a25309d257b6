import { createHmac } from 'node:crypto';
import { asking } from '../inputs/attack-requests.ts';
import { unauthenticated } from '../inputs/refusals.ts';
import type { Row, TestContext } from '../test-context.ts';

export const forgedTokenRows: readonly Row[] = [{ id: 'A53', what: 'invalid tokens', run: wrongTokens }];

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
