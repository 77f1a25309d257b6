import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSeededRandom } from '../../../src/sandbox/data/seeded-random.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createClock } from '../../../src/sandbox/world/clock.ts';
import { createLiveWorld } from '../../../src/sandbox/world/live-world.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';
import { order, smallest } from '../ordering.ts';

const UNITS = '/management/v1/sales-units';
let sandbox: Sandbox;
let headers: ApiHeaders;

beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0, policy: { settlementBankAccount: 'shown' } });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

/** The details of the unit that an order with these fields leads to. */
async function unitOf(body: object) {
  const { json } = await order(sandbox, headers, { ...smallest, ...body });
  const msn = sandbox.moveOrder(json.prefilledOrderId, 'COMPLETED').salesUnit?.msn;
  return (await send(sandbox, 'GET', `${UNITS}/${msn}`, { headers })).json;
}

it.each(['PAYMENT_INTEGRATION', 'CASHIER', 'CHECKOUT', 'DONATIONS'])(
  'a unit of %s takes payments, again and again only when it was asked for',
  async (productType) => {
    for (const hasRecurring of [true, false, null, undefined]) {
      const { configuration } = await unitOf({ productType, hasRecurring });
      expect(configuration).toMatchObject({
        paymentAllowed: true,
        captureType: 'ReserveCapture',
        recurringAllowed: hasRecurring === true,
      });
    }
  },
);

it('a unit of LOGIN takes no payment of any kind and has no account', async () => {
  // Several, since what was not decided by the product would be left to chance.
  for (let made = 0; made < 10; made++) {
    const { configuration, settlementBankAccount } = await unitOf({
      productType: 'LOGIN',
      hasRecurring: true,
    });
    expect(configuration).toMatchObject({ paymentAllowed: false, captureType: 'NotApplicable' });
    const { captureType: _, ...flags } = configuration;
    expect(Object.values(flags)).not.toContain(true);
    expect(settlementBankAccount).toBeNull();
  }
});

it.each([
  ['business:NO:ORG', '923609016', /^\d{11}$/],
  ['business:DK:CVR', '13585628', /^\d{14}$/],
  ['business:FI:Y-tunnus', '0112038-9', /^\d{14}$/],
])('a unit of %s without an account of its own gets one of its country', async (scheme, id, pattern) => {
  const { settlementBankAccount } = await unitOf({ businessIdentifier: { scheme, id } });
  expect(settlementBankAccount).toEqual({
    scheme: `BBAN:${scheme.slice(9, 11)}`,
    id: expect.stringMatching(pattern),
  });
});

it('every account passes the check that the sandbox makes of an order', async () => {
  await using strict = await startSandbox({
    units: 60,
    latencyMs: 0,
    policy: { settlementBankAccount: 'shown', checkDigits: 'checked' },
  });
  const own = await signIn(strict);
  const countries = new Set<string>();
  for (const msn of strict.data.msns) {
    const { settlementBankAccount } = (await send(strict, 'GET', `${UNITS}/${msn}`, { headers: own })).json;
    if (settlementBankAccount === null) continue;
    countries.add(settlementBankAccount.scheme);
    const body = { ...smallest, businessIdentifier: strict.data.ownMerchant, settlementBankAccount };
    expect((await order(strict, own, body)).status).toBe(201);
  }
  expect(countries).toEqual(new Set(['BBAN:NO', 'BBAN:DK', 'BBAN:FI']));
});

it('there are no more new units than a sandbox can begin with', () => {
  const world = createLiveWorld(createWorld(1, 1), createSeededRandom(1), createClock());
  const { businessIdentifier } = smallest;
  for (let made = 0; made < 100_000; made++) world.addUnit({ businessIdentifier, partner: 'one', name: 'x' });
  expect(() => world.addUnit({ businessIdentifier, partner: 'one' })).toThrow('reset the state');
  world.reset();
  world.addUnit({ businessIdentifier, partner: 'one' });
});
