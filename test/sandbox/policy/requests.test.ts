import type { requestPolicies } from '../../../src/sandbox/policy/requests.ts';
import { png } from '../../support/png.ts';
import { send } from '../client.ts';
import { order, smallest } from '../ordering.ts';
import type { Bench, PolicyCase } from './bench.ts';
import { describePolicies } from './bench.ts';

const https = 'https://example.com';
const business = (scheme: string, id: string) => ({
  businessIdentifier: { scheme: `business:${scheme}`, id },
});
const account = (country: string, id: string) => ({
  settlementBankAccount: { scheme: `BBAN:${country}`, id },
});
const website = (own: object) => ({ website: { url: https, termsUrl: https, ...own } });

/** Orders each body, and lists the fields that were refused. */
function refusals(bodies: readonly object[]): PolicyCase['see'] {
  return async ({ sandbox, partner }) => {
    const replies = await Promise.all(
      bodies.map((body) => order(sandbox, partner, { ...smallest, ...body })),
    );
    return replies.map(({ json }) =>
      (json.extraDetails ?? []).map(({ name }: { name: string }) => name).join(),
    );
  };
}

/** A case whose good bodies pass always, and whose bad ones are refused by the second value, each with its field. */
function strictness(
  [lenient, strict]: readonly [string, string],
  good: readonly object[],
  bad: readonly (readonly [object, string])[],
): PolicyCase {
  const passes = good.map(() => '');
  return {
    see: refusals([...good, ...bad.map(([body]) => body)]),
    gives: [
      [lenient, [...passes, ...bad.map(() => '')]],
      [strict, [...passes, ...bad.map(([, name]) => name)]],
    ],
  };
}

const again = async ({ sandbox, partner }: Bench, key: string) =>
  (await order(sandbox, partner, smallest, key)).json.prefilledOrderId;

describePolicies<keyof typeof requestPolicies>('orders that are sent', {
  longSystemHeaders: {
    async see({ sandbox, partner }) {
      const headers = { ...partner, 'Vipps-System-Name': 'x'.repeat(33) };
      const { status } = await send(sandbox, 'GET', '/management/v1/sales-units', { headers });
      return [status, sandbox.calls().at(-1)?.systemName?.length];
    },
    gives: [
      ['refuse', [400, 33]],
      ['cut', [200, 30]],
      ['accept', [200, 33]],
    ],
  },
  orderContentType: {
    async see({ sandbox, partner }) {
      const types = [
        'application/json',
        'application/json; charset=utf-8',
        'text/plain',
        'application/jsonl',
      ];
      const post = (type: string) =>
        send(sandbox, 'POST', '/management/v1/product-orders', {
          headers: { ...partner, 'Content-Type': type, 'Idempotency-Key': crypto.randomUUID() },
          body: JSON.stringify(smallest),
        });
      return Promise.all(types.map(async (type) => (await post(type)).status));
    },
    gives: [
      ['jsonOnly', [201, 201, 415, 415]],
      ['any', [201, 201, 201, 201]],
    ],
  },
  unknownProperties: strictness(
    ['accept', 'refuse'],
    [{}, website({ testWebsiteUrl: null })],
    [
      [{ complianceData: {} }, 'complianceData'],
      [website({ colour: 1 }), 'website.colour'],
      [{ businessIdentifier: { ...smallest.businessIdentifier, more: 1 } }, 'businessIdentifier.more'],
      [{ toString: 1 }, 'toString'],
    ],
  ),
  orderSchemes: strictness(
    ['any', 'named'],
    [business('NO:ORG', '923609016'), business('DK:CVR', '13585628'), business('FI:Y-tunnus', '0112038-9')],
    [
      [business('SE:ORG', '5560360793'), 'businessIdentifier.scheme'],
      [business('NO:org', '923609016'), 'businessIdentifier.scheme'],
    ],
  ),
  checkDigits: strictness(
    ['ignored', 'checked'],
    [
      business('NO:ORG', '123456785'),
      business('NO:ORG', '988077917'),
      business('DK:CVR', '13748136'),
      business('FI:Y-tunnus', '1366959-8'),
      business('SE:ORG', '5560360793'),
      business('SE:ORG', '556036-0793'),
      business('DE:HRB', '12345'),
      account('NO', '86011117947'),
      account('NO', '12340012343'),
      account('DK', '12345678901234'),
      account('FI', '12345600000785'),
      account('FI', '42345670000081'),
      account('DE', '123456789'),
      { settlementBankAccount: null },
    ],
    [
      [business('NO:ORG', '987654321'), 'businessIdentifier.id'],
      [business('NO:ORG', '9876543221'), 'businessIdentifier.id'],
      [business('DK:CVR', '13748137'), 'businessIdentifier.id'],
      [business('FI:Y-tunnus', '1366959-7'), 'businessIdentifier.id'],
      [business('FI:Y-tunnus', '13669598'), 'businessIdentifier.id'],
      [business('SE:ORG', '5560360794'), 'businessIdentifier.id'],
      [business('SE:ORG', '5510360793'), 'businessIdentifier.id'],
      [account('NO', '86011117948'), 'settlementBankAccount.id'],
      [account('NO', '12340012348'), 'settlementBankAccount.id'],
      [account('DK', '1234567890123'), 'settlementBankAccount.id'],
      [account('FI', '12345600000786'), 'settlementBankAccount.id'],
      [
        { ...business('NO:ORG', '987654321'), ...account('NO', '86011117948') },
        'businessIdentifier.id,settlementBankAccount.id',
      ],
    ],
  ),
  logoCheck: strictness(
    ['none', 'png'],
    [{ salesUnitLogo: null }, { salesUnitLogo: png(100, 100) }, { salesUnitLogo: png(1000, 640) }],
    [
      [{ salesUnitLogo: 'SXQgaXMgbm8gcGljdHVyZQ==' }, 'salesUnitLogo'],
      [{ salesUnitLogo: '' }, 'salesUnitLogo'],
      [{ salesUnitLogo: png(99, 200) }, 'salesUnitLogo'],
      [{ salesUnitLogo: png(200, 1001) }, 'salesUnitLogo'],
      [{ salesUnitLogo: `data:image/png;base64,${png(200, 200)}` }, 'salesUnitLogo'],
      [{ salesUnitLogo: png(200, 200).replace('iVBO', 'aVBO') }, 'salesUnitLogo'],
    ],
  ),
  mccCheck: strictness(
    ['none', 'ranges'],
    [null, '5942', 5942, '0742', '0780', 1520].map((merchantCategoryCode) => ({ merchantCategoryCode })),
    ['0000', 741, '0781', 1519].map((merchantCategoryCode) => [
      { merchantCategoryCode },
      'merchantCategoryCode',
    ]),
  ),
  urlCheck: strictness(
    ['https', 'strict'],
    [website({}), website({ url: 'https://a-b.example.no:8443/x?y' }), { website: null }],
    [
      [website({ url: 'https://' }), 'website.url'],
      [website({ url: 'https://localhost' }), 'website.url'],
      [website({ termsUrl: 'https://Example.com' }), 'website.termsUrl'],
      [website({ termsUrl: 'https://example.agency' }), 'website.termsUrl'],
      [website({ testWebsiteUrl: 'http://example.com' }), 'website.testWebsiteUrl'],
    ],
  ),
  pricePackageCheck: {
    async see(bench) {
      const { sandbox, get } = bench;
      const [own] = (await get('/management/v1/partners/price-packages')).json;
      const ids = [own.pricePackageId, own.pricePackageId.toUpperCase(), crypto.randomUUID(), null];
      return refusals(ids.map((pricePackageId) => ({ pricePackageId })))({ ...bench, sandbox });
    },
    gives: [
      ['none', ['', '', '', '']],
      ['own', ['', '', 'pricePackageId', '']],
    ],
  },
  idempotencyMemoryKeys: {
    async see(bench) {
      const first = [await again(bench, 'a'), await again(bench, 'b'), await again(bench, 'c')];
      const second = [await again(bench, 'c'), await again(bench, 'b'), await again(bench, 'a')];
      return second.reverse().map((id, at) => id === first[at]);
    },
    gives: [
      [10_000, [true, true, true]],
      [2, [false, true, true]],
    ],
  },
  idempotencyMemoryHours: {
    async see(bench) {
      const first = await again(bench, 'key');
      bench.sandbox.clock.advance(2 * 3_600_000 - 1000);
      const within = await again(bench, 'key');
      bench.sandbox.clock.advance(1000);
      const after = await again(bench, 'key');
      return [within === first, after === first];
    },
    gives: [
      [0, [true, true]],
      [2, [true, false]],
    ],
  },
  idempotencyOfRefusals: {
    async see({ sandbox, partner }) {
      const statuses = [];
      for (const body of [{}, smallest, { ...smallest, productType: 'LOGIN' }])
        statuses.push((await order(sandbox, partner, body, 'key')).status);
      return statuses;
    },
    gives: [
      ['kept', [400, 409, 409]],
      ['forgotten', [400, 201, 409]],
    ],
  },
});
