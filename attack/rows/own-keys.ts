import { randomUUID } from 'node:crypto';
import type { AttackRequest } from '../client.ts';
import type { Row, TestContext } from '../test-context.ts';

// A66, A67: what strangers learn of, and do to, callers with keys of their own.

interface Keys {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey?: string;
}

const POST = 'POST /management/v1/product-orders';
const TOKEN = 'POST /accesstoken/get';
const MADE_UP = 1_100;
const AT_ONCE = 50;

const asking = ({ clientId, clientSecret, subscriptionKey }: Keys, query: string): AttackRequest => ({
  headers: {
    'content-type': 'application/json',
    'vipps-client-id': clientId,
    'vipps-client-secret': clientSecret,
    ...(subscriptionKey && { 'ocp-apim-subscription-key': subscriptionKey }),
  },
  body: JSON.stringify({ query }),
});
const prefill = (key: string) => `mutation { prefillProductOrder(input: { idempotencyKey: "${key}",
  businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }, productType: LOGIN }) { prefillUrl } }`;
const likeness = (text: string) => text.replace(/"(requestId|idempotencyKey)":"[^"]*"/g, '');
const LINK = /"prefillUrl":"http/;

export const ownKeyRows: readonly Row[] = [
  { id: 'A66', what: 'stored outcomes asked for with wrong and revoked keys', run: foreignOutcomes },
  { id: 'A67', what: `${MADE_UP} made-up key sets against a good visitor`, run: eviction },
];

async function foreignOutcomes({ target, send, check }: TestContext): Promise<void> {
  const { sandbox } = target.fixture;
  const { otherPartner, management } = sandbox.callers;
  const used = `used-${randomUUID()}`;
  const compare = async (what: string, keys: Keys) => {
    const { text } = await send(asking(keys, prefill(used)));
    check(`${what}: no link`, !LINK.test(text), text);
    const other = await send(asking(keys, prefill(`unused-${randomUUID()}`)));
    check(`${what}: an unused key is answered alike`, likeness(other.text) === likeness(text), other.text);
  };
  try {
    for (const keys of [otherPartner, management]) {
      const first = await send(asking(keys, prefill(used)));
      check('its owner gets the link', LINK.test(first.text), first.text);
      const again = await send(asking(keys, prefill(used)));
      check('and again', LINK.test(again.text), again.text);
    }
    await compare('a made-up subscription key', { ...otherPartner, subscriptionKey: 'f'.repeat(32) });
    await compare('another secret', { ...otherPartner, clientSecret: 'wrong' });
    await compare('no subscription key', { ...otherPartner, subscriptionKey: undefined } as unknown as Keys);
    await compare("another caller's subscription key", {
      ...otherPartner,
      subscriptionKey: sandbox.callers.merchant.subscriptionKey,
    });
    for (const key of ['subscriptionKey', 'client'] as const) {
      sandbox.revokeKeys('otherPartner', key);
      await compare(`a revoked ${key}`, otherPartner);
      sandbox.restoreKeys();
    }
    sandbox.revokeKeys('management');
    await compare('revoked management keys', management);
  } finally {
    sandbox.restoreKeys();
  }
}

async function eviction({ target, send, check }: TestContext): Promise<void> {
  const { sandbox } = target.fixture;
  const { otherPartner } = sandbox.callers;
  const calls = (route: string) => sandbox.stats().calls[route] ?? 0;
  const madeUp = (): Keys => ({
    clientId: randomUUID(),
    clientSecret: randomUUID(),
    subscriptionKey: randomUUID(),
  });
  const flood = async (count: number) => {
    for (let sent = 0; sent < count; sent += AT_ONCE) {
      const replies = await Promise.all(
        Array.from({ length: AT_ONCE }, () => send(asking(madeUp(), '{ salesUnits { totalCount } }'))),
      );
      for (const { text } of replies) check('made-up keys see nothing', !/"totalCount":\d/.test(text), text);
    }
  };
  // Keys that were refused a moment ago are not tried again at once.
  let served = '';
  for (let tries = 0; tries < 20 && !/"totalCount":\d/.test(served); tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    served = (await send(asking(otherPartner, '{ salesUnits { totalCount } }'))).text;
  }
  await flood(MADE_UP);
  const tokens = calls(TOKEN);
  const kept = await send(asking(otherPartner, '{ productOrders { totalCount } }'));
  check('the visitor is served', /"totalCount":\d/.test(kept.text), kept.text);
  check('with the token that it had', calls(TOKEN) === tokens, calls(TOKEN) - tokens);

  const posts = calls(POST);
  const key = `slow-${randomUUID()}`;
  const fault = sandbox.fault({ route: POST, delayMs: 1_500 });
  const first = send(asking(otherPartner, prefill(key)));
  await flood(4 * AT_ONCE);
  const { subscriptionKeySecondary: subscriptionKey } = otherPartner;
  const repeats = [otherPartner, otherPartner, { ...otherPartner, subscriptionKey }];
  const replies = await Promise.all([first, ...repeats.map((keys) => send(asking(keys, prefill(key))))]);
  sandbox.clearFaults();
  check('the fault was there', fault !== '');
  for (const { text } of replies) check('each gets the link', LINK.test(text), text);
  check('one order was sent', calls(POST) - posts === 1, calls(POST) - posts);
}
