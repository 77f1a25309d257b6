import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeyName } from '../../../src/sandbox/keys/callers.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import { type SentKeys, startVisitedGateway, type VisitedGateway } from '../../support/visitors.ts';

const POST = 'POST /management/v1/product-orders';
const PACKAGES = 'GET /management/v1/partners/price-packages';
const packages = '{ pricePackages { name } }';
const units = '{ salesUnits { totalCount } }';
const prefill = (key: string | undefined, id = '123456785') => `mutation {
  prefillProductOrder(input: { ${key ? `idempotencyKey: "${key}",` : ''}
    businessIdentifier: { scheme: "business:NO:ORG", value: "${id}" }, productType: LOGIN }) {
    prefillUrl replayed userErrors { code } productOrder { status } } }`;
const madeUp = (): SentKeys => ({
  clientId: randomUUID(),
  clientSecret: randomUUID(),
  subscriptionKey: randomUUID(),
});
/** Without what differs between any two answers. */
const likeness = (answer: unknown) =>
  JSON.stringify(answer).replace(/"(requestId|idempotencyKey)":"[^"]*"/g, '');
const posts = ({ calls }: VisitedGateway) => calls()[POST] ?? 0;

describe('the outcome of a write of a caller with its own keys', () => {
  it('is repeated to good keys without a second order, the secondary subscription key too', async () => {
    await using gateway = await startVisitedGateway();
    const { partner } = gateway.sandbox.callers;
    await gateway.ask(partner, prefill('used'));
    for (const keys of [partner, { ...partner, subscriptionKey: partner.subscriptionKeySecondary }]) {
      const { data, errors } = await gateway.ask(keys, prefill('used'));
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({
        prefillProductOrder: { replayed: true, prefillUrl: expect.stringContaining('http') },
      });
    }
    expect(posts(gateway)).toBe(1);
  });

  const revocations: [what: string, caller: 'partner' | 'management', key: KeyName | undefined][] = [
    ['all keys', 'partner', undefined],
    ['the subscription key', 'partner', 'subscriptionKey'],
    ['the client', 'partner', 'client'],
    ['management keys', 'management', undefined],
  ];
  it.each(revocations)('is revealed to no one once these are revoked: %s', async (_what, caller, key) => {
    await using gateway = await startVisitedGateway();
    const keys = gateway.sandbox.callers[caller];
    await gateway.ask(keys, prefill('used'));
    gateway.sandbox.revokeKeys(caller, key);
    const used = await gateway.ask(keys, prefill('used'));
    const other = await gateway.ask(keys, prefill('used', '987654325'));
    const unused = await gateway.ask(keys, prefill('unused'));
    expect(JSON.stringify(used)).not.toMatch(/https?:/);
    expect(used.errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    expect([likeness(other), likeness(unused)]).toEqual([likeness(used), likeness(used)]);
    expect(posts(gateway)).toBe(1);
  });

  it.each<[what: string, change: (keys: SentKeys) => SentKeys]>([
    ['a made-up subscription key', (keys) => ({ ...keys, subscriptionKey: 'f'.repeat(32) })],
    ['no subscription key', ({ clientId, clientSecret }) => ({ clientId, clientSecret })],
    ['another secret', (keys) => ({ ...keys, clientSecret: 'wrong' })],
  ])('is revealed to no one with %s, used or unused', async (_what, change) => {
    await using gateway = await startVisitedGateway();
    const { partner } = gateway.sandbox.callers;
    await gateway.ask(partner, prefill('used'));
    const wrong = change(partner);
    const [used, unused] = [
      await gateway.ask(wrong, prefill('used')),
      await gateway.ask(wrong, prefill('unused')),
    ];
    expect(JSON.stringify(used)).not.toMatch(/https?:/);
    expect(likeness(used)).toBe(likeness(unused));
    expect(posts(gateway)).toBe(1);
  });

  it('is revealed to no one with the subscription key of another caller, even where the token call takes it', async () => {
    await using gateway = await startVisitedGateway();
    const { partner, otherPartner } = gateway.sandbox.callers;
    await gateway.ask(partner, prefill('used'));
    // As a platform may do it: the token call checks the client, and some subscription key.
    const { access_token, ...rest } = await (
      await fetch(`${gateway.sandbox.url}/accesstoken/get`, {
        method: 'POST',
        headers: {
          client_id: partner.clientId,
          client_secret: partner.clientSecret,
          'ocp-apim-subscription-key': partner.subscriptionKey,
        },
      })
    ).json();
    gateway.sandbox.fault({
      route: 'POST /accesstoken/get',
      status: 200,
      body: { ...rest, access_token },
      contentType: 'application/json',
    });
    const wrong = { ...partner, subscriptionKey: otherPartner.subscriptionKey };
    const used = await gateway.ask(wrong, prefill('used'));
    expect(used.errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    expect(likeness(await gateway.ask(wrong, prefill('unused')))).toBe(likeness(used));
  });

  it('is unknown, and not denied, while the upstream cannot say whether the keys are good', async () => {
    await using gateway = await startVisitedGateway();
    const { partner } = gateway.sandbox.callers;
    await gateway.ask(partner, prefill('used'));
    gateway.sandbox.fault({ route: 'POST /accesstoken/get', status: 503 });
    const used = await gateway.ask(partner, prefill('used'));
    expect(used.errors?.map(({ extensions }) => extensions.code)).toEqual(['OUTCOME_UNKNOWN']);
    expect(likeness(await gateway.ask(partner, prefill('unused')))).toBe(likeness(used));
    const fresh = await gateway.ask(madeUp(), prefill(undefined));
    expect(fresh.errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(posts(gateway)).toBe(1);
  });

  it('costs one verification for each operation with the caller’s own keys, and none for fresh keys', async () => {
    await using gateway = await startVisitedGateway();
    const { partner } = gateway.sandbox.callers;
    await gateway.ask(partner, units);
    await gateway.ask(partner, prefill(undefined));
    await gateway.ask(partner, prefill(undefined));
    expect(gateway.calls()['POST /accesstoken/get']).toBe(1);
    await gateway.ask(partner, prefill('one'));
    expect(gateway.calls()).toMatchObject({
      'POST /accesstoken/get': 2,
      'GET /management/v2/product-orders/{productOrderId}/details': 1,
      [POST]: 3,
    });
  });

  it('empties what was read with keys that are refused', async () => {
    await using gateway = await startVisitedGateway({ env: { CACHE: 'on' } });
    const { partner } = gateway.sandbox.callers;
    expect((await gateway.ask(partner, units)).errors).toBeUndefined();
    gateway.sandbox.revokeKeys('partner');
    await gateway.ask(partner, prefill('key'));
    expect(JSON.stringify(await gateway.ask(partner, units))).toContain('UPSTREAM_UNAUTHENTICATED');
  });
});

describe('a caller whose own keys were accepted', () => {
  const floods: [what: string, keys: (index: number, good: SentKeys) => SentKeys][] = [
    ['made-up keys', madeUp],
    [
      'its own keys with another subscription key',
      (_index, good) => ({ ...good, subscriptionKey: randomUUID() }),
    ],
    ['its own client id with another secret', (_index, good) => ({ ...good, clientSecret: randomUUID() })],
    ['made-up management keys', () => ({ clientId: randomUUID(), clientSecret: randomUUID() })],
    ['sales units without end', (index) => ({ ...madeUp(), msn: String(10_000 + index) })],
  ];
  it.each(floods)('keeps its token and its cache, whichever keys others send: %s', async (_what, keys) => {
    await using gateway = await startVisitedGateway();
    const { partner } = gateway.sandbox.callers;
    await gateway.ask(partner, units);
    for (let index = 0; index < 1_100; index++)
      gateway.tenants.withOwnKeys(credentialsOf(keys(index, partner)), '127.0.0.1').start();
    for (let index = 0; index < 20; index++) await gateway.ask(keys(index, partner), units);
    gateway.sandbox.reset();
    const { errors } = await gateway.ask(partner, units);
    expect(errors).toBeUndefined();
    expect(gateway.calls()).toEqual({});
    await gateway.ask(partner, packages);
    expect(gateway.calls()).toEqual({ [PACKAGES]: 1 });
  });

  it('stays when another one names a thousand sales units', async () => {
    await using gateway = await startVisitedGateway();
    const { partner, otherPartner } = gateway.sandbox.callers;
    await gateway.ask(partner, units);
    for (let index = 0; index < 1_100; index++)
      await gateway.ask({ ...otherPartner, msn: String(10_000 + index) }, units);
    gateway.sandbox.reset();
    await gateway.ask(partner, packages);
    expect(gateway.calls()).toEqual({ [PACKAGES]: 1 });
  });

  it('has one running write for one key, even when its client is replaced', async () => {
    await using gateway = await startVisitedGateway();
    const { partner } = gateway.sandbox.callers;
    gateway.sandbox.fault({ route: POST, delayMs: 800 });
    const first = gateway.ask(partner, prefill('slow'));
    await expect.poll(() => posts(gateway)).toBe(1);
    // So many of its own that its first tenant leaves.
    for (let index = 0; index < 40; index++)
      await gateway.ask({ ...partner, msn: String(10_000 + index) }, units);
    const again = await Promise.all([
      gateway.ask(partner, prefill('slow')),
      gateway.ask({ ...partner, subscriptionKey: partner.subscriptionKeySecondary }, prefill('slow')),
    ]);
    expect([(await first).errors, ...again.map(({ errors }) => errors)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(
      new Set([await first, ...again].map(({ data }) => JSON.stringify(data).match(/http[^"]+/)?.[0])).size,
    ).toBe(1);
    expect(posts(gateway)).toBe(1);
  });
});

describe('a caller whose own keys the upstream has not accepted', () => {
  it('leaves no tenant behind when its request is refused before an operation runs', async () => {
    await using gateway = await startVisitedGateway({ env: { AUTH_FAILURES_PER_MINUTE: '3' } });
    let made = 0;
    const { withOwnKeys } = gateway.tenants;
    gateway.tenants.withOwnKeys = (...given) => {
      const { owner, start } = withOwnKeys(...given);
      return {
        owner,
        start: () => {
          made++;
          return start();
        },
      };
    };
    for (let index = 0; index < 3; index++) await gateway.ask(madeUp(), '{ nonsense }');
    for (let index = 0; index < 20; index++) await gateway.ask(madeUp(), units);
    expect(made).toBe(0);
  });

  it('has its tries counted again when its keys are refused after all', async () => {
    await using gateway = await startVisitedGateway({ env: { AUTH_FAILURES_PER_MINUTE: '3' } });
    const { partner } = gateway.sandbox.callers;
    for (let index = 0; index < 5; index++)
      expect((await gateway.ask(partner, units)).errors).toBeUndefined();
    gateway.sandbox.revokeKeys('partner');
    gateway.sandbox.revokeTokens('partner');
    const codes = [];
    for (let index = 0; index < 8; index++)
      codes.push((await gateway.ask(partner, prefill(`key-${index}`))).errors?.[0]?.extensions.code);
    expect(codes).toContain('UPSTREAM_UNAUTHENTICATED');
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });
});

function credentialsOf({ clientId, clientSecret, subscriptionKey, msn }: SentKeys) {
  return {
    clientId,
    clientSecret: new Secret(clientSecret),
    subscriptionKey: subscriptionKey === undefined ? undefined : new Secret(subscriptionKey),
    tokenFlow: subscriptionKey === undefined ? 'miami' : 'accesstoken',
    merchantSerialNumber: msn,
  } as const;
}
