import { unauthenticated } from '../inputs/refusals.ts';
import type { Row, TestContext } from '../test-context.ts';

export const visitorKeyRows: readonly Row[] = [
  { id: 'A30', what: 'the same client id with another secret', run: almostTheSameKeys },
  { id: 'A54', what: 'keys of the caller', run: ownKeys },
];

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
