import { setTimeout as sleep } from 'node:timers/promises';
import { FOLLOW, type Follower, follow } from '../../test/support/subscriptions.ts';
import type { Target } from '../fixture.ts';
import type { Keyring } from '../keys.ts';
import { residentBytes } from '../process-metrics.ts';
import type { Row, TestContext } from '../test-context.ts';

export const subscriptionRows = (strictTimes: boolean): readonly Row[] => [
  {
    id: 'A76',
    what: 'subscriptions: thousands, never read, revoked, with foreign cursors and huge filters, again and again',
    run: (context) => subscriptions(context, strictTimes),
  },
];

const PER_TENANT = 200;
const STORM = 150;
const MEBIBYTE = 1024 * 1024;
const REVOKED_WITHIN_MS = 1_000;
const PATIENCE_MS = 8_000;

async function subscriptions({ target: plain, check }: TestContext, strictTimes: boolean): Promise<void> {
  await using target = await plain.variant({
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    MAX_SUBSCRIPTIONS: String(PER_TENANT),
    MAX_CONNECTIONS_PER_ADDRESS: '10000',
  });
  const url = target.url + target.endpoint.path;
  const as = (key: keyof Keyring, variables: object = {}, query = FOLLOW) =>
    follow(
      url,
      variables,
      { ...target.endpoint.headers, authorization: `Bearer ${target.fixture.keyring[key].key}` },
      query,
    );
  const codeOf = async (follower: Follower) => (await follower.next())?.errors?.[0]?.extensions.code;
  const isOpen = ({ response }: Follower) => response.statusCode === 200;
  const openNow = async () => {
    const text = await (await fetch(`${target.adminUrl}/metrics`)).text();
    return Number(/^subscriptions_open (\d+)$/m.exec(text)?.[1]);
  };
  const closed = async () => {
    const until = performance.now() + PATIENCE_MS;
    while ((await openNow()) > 0 && performance.now() < until) await sleep(50);
    return openNow();
  };

  const before = residentBytes(target);
  const followers: Follower[] = [];
  // In portions, so that the connections are no attack of their own.
  for (let sent = 0; sent < 800; sent += 100)
    followers.push(...(await Promise.all(Array.from({ length: 100 }, () => as('partner')))));
  check(
    'one caller has half of what its tenant may have',
    followers.filter(isOpen).length === PER_TENANT / 2,
    followers.filter(isOpen).length,
  );
  check(
    'the others are refused with 429',
    followers.every((one) => isOpen(one) || one.response.statusCode === 429),
  );
  const others = await Promise.all(Array.from({ length: 2 * PER_TENANT }, () => as('reading')));
  const more = await Promise.all(Array.from({ length: PER_TENANT }, () => as('browser')));
  const ofTenant = [...followers, ...others, ...more].filter(isOpen).length;
  check('all callers of a tenant have no more', ofTenant === PER_TENANT, ofTenant);
  check('another tenant has its own', isOpen(await as('otherPartner')));
  const grown = (residentBytes(target) - before) / MEBIBYTE;
  check('they take at most 128 MiB', grown <= 128, `${Math.round(grown)} MiB`);
  for (const one of [...followers, ...others, ...more]) one.leave();

  const own = await as('partner');
  const cursor = (await own.next())?.data?.changes.cursor;
  own.leave();
  check(
    'a foreign cursor is refused',
    (await codeOf(await as('otherPartner', { after: cursor }))) === 'CURSOR_EXPIRED',
  );
  for (const [what, variables] of [
    [
      'a long filter',
      { filter: { msn: Array.from({ length: 20_000 }, (_, index) => String(100_000 + index)) } },
    ],
    ['a long cursor', { after: 'x'.repeat(1_000_000) }],
    ['a wrong kind', { filter: { kind: ['SALES_UNIT_ADDED'.repeat(1_000)] } }],
    ['a time that is none', { filter: { since: 'x'.repeat(10_000) } }],
  ] as const) {
    const { calls } = target.fixture.upstream;
    const refused = await as('partner', variables);
    check(`${what} is refused`, refused.response.statusCode === 400, refused.response.statusCode);
    check(`${what} causes no call`, target.fixture.upstream.calls === calls);
    refused.leave();
  }
  await storm(as, check);
  const left = await closed();
  check('none stays open when its client has left', left <= 1, left);
  await revocation(target, as, check, strictTimes);
}

type Ask = (key: keyof Keyring, variables?: object, query?: string) => Promise<Follower>;

/** Clients that connect again and again, some of which leave before they are answered. */
async function storm(as: Ask, check: TestContext['check']): Promise<void> {
  let odd = 0;
  for (let round = 0; round < 5; round++)
    await Promise.all(
      Array.from({ length: STORM }, async (_, index) => {
        const one = await as(index % 2 ? 'partner' : 'reading');
        if (![200, 429].includes(one.response.statusCode ?? 0)) odd++;
        if (index % 3 > 0) await one.next();
        one.leave();
      }),
    );
  check('a storm of reconnections is answered or refused', odd === 0, odd);
}

async function revocation(
  target: Target,
  as: Ask,
  check: TestContext['check'],
  strictTimes: boolean,
): Promise<void> {
  const following = await Promise.all(Array.from({ length: 20 }, () => as('following')));
  for (const one of following) await one.next();
  const stays = await as('partner');
  await stays.next();
  target.fixture.revoke('following');
  const startedAt = performance.now();
  const codes = await Promise.all(
    following.map(async (one) => (await one.next())?.errors?.[0]?.extensions.code),
  );
  const took = performance.now() - startedAt;
  check(
    'all of a revoked key end',
    codes.every((code) => code === 'UNAUTHENTICATED'),
    String(codes),
  );
  check('soon', took <= (strictTimes ? REVOKED_WITHIN_MS : PATIENCE_MS), `${took.toFixed(0)} ms`);
  check('those of other keys go on', !stays.response.closed);
  stays.leave();
}
