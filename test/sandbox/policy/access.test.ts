import type { accessPolicies } from '../../../src/sandbox/policy/access.ts';
import { askForManagementToken, send, standardHeaders } from '../client.ts';
import { deleteOrder, details, order, smallest } from '../ordering.ts';
import type { Bench } from './bench.ts';
import { describePolicies } from './bench.ts';

const UNITS = '/management/v1/sales-units';
const ORDERS = '/management/v2/product-orders';
const PACKAGES = '/management/v1/partners/price-packages';

const token = async ({ sandbox }: Bench, path = '/accesstoken/get') =>
  send(sandbox, 'POST', path, { headers: standardHeaders(sandbox.keys) });

/** The status and Retry-After of the third call within a minute. */
async function third({ sandbox, partner }: Bench) {
  for (let call = 0; call < 2; call++) await fetch(`${sandbox.url}${PACKAGES}`, { headers: partner });
  const { status, headers } = await fetch(`${sandbox.url}${PACKAGES}`, { headers: partner });
  return { status, retryAfter: headers.get('retry-after') };
}

describePolicies<keyof typeof accessPolicies>('who gets in', {
  accessTokenAlias: {
    see: async (bench) => [(await token(bench)).status, (await token(bench, '/accessToken/get')).status],
    gives: [
      ['accepted', [200, 200]],
      ['notFound', [200, 404]],
    ],
    // The contract has no such path, so what it answers cannot break it.
  },
  standardTokenNumbers: {
    async see(bench) {
      const { json } = await token(bench);
      const numbers = [json.expires_in, json.ext_expires_in, json.expires_on, json.not_before];
      return new Set(numbers.map((number) => typeof number));
    },
    gives: [
      ['string', new Set(['string'])],
      ['number', new Set(['number'])],
    ],
  },
  managementTokenNumbers: {
    see: async ({ sandbox }) => typeof (await askForManagementToken(sandbox)).json.expires_in,
    gives: [
      ['number', 'number'],
      ['string', 'string'],
    ],
  },
  subscriptionKeyWithManagementToken: {
    async see({ sandbox, get, partner }) {
      const Authorization = `Bearer ${(await askForManagementToken(sandbox)).json.access_token}`;
      return [
        (await get(PACKAGES, { Authorization })).status,
        (await get(PACKAGES, { ...partner, Authorization })).status,
      ];
    },
    gives: [
      ['refused', [200, 401]],
      ['ignored', [200, 200]],
    ],
  },
  merchantSerialNumber: {
    async see({ sandbox, get, partner, merchant }) {
      const msn = sandbox.data.msns[0] ?? '';
      const statuses = async (headers: Record<string, string>) => [
        (await get(`${UNITS}/${msn}`, headers)).status,
        (await get(UNITS, headers)).status,
      ];
      return {
        without: await statuses(partner),
        with: await statuses({ ...partner, 'Merchant-Serial-Number': msn }),
        merchant: await statuses(merchant),
      };
    },
    gives: [
      ['optional', { without: [200, 200], with: [200, 200], merchant: [200, 200] }],
      ['requiredForOne', { without: [403, 200], with: [200, 200], merchant: [200, 200] }],
      ['requiredAlways', { without: [403, 403], with: [200, 200], merchant: [200, 200] }],
    ],
  },
  merchantOrderStatus: {
    async see({ sandbox, merchant, partner }) {
      const own = { ...smallest, businessIdentifier: sandbox.data.ownMerchant };
      const { status, json } = await order(sandbox, merchant, own);
      const foreign = (await order(sandbox, merchant)).status;
      // Names no partner, so that no partner sees it.
      const seen = json.prefilledOrderId && (await details(sandbox, partner, json.prefilledOrderId)).status;
      return [status, foreign, seen];
    },
    gives: [
      [403, [403, 403, undefined]],
      [401, [401, 401, undefined]],
      ['allowed', [201, 403, 404]],
    ],
  },
  merchantOrderReads: {
    async see({ sandbox, get, merchant, place }) {
      const own = await place({ ...smallest, businessIdentifier: sandbox.data.ownMerchant });
      const foreign = await place();
      const { status, json } = await get(ORDERS, merchant);
      const ids =
        status === 200 && json.map(({ productOrderId }: { productOrderId: string }) => productOrderId);
      const read = async (id: string) => (await get(`${ORDERS}/${id}/details`, merchant)).status;
      return {
        list: ids ? [ids.includes(own), ids.includes(foreign)] : status,
        details: [await read(own), await read(foreign)],
        deletes: (await deleteOrder(sandbox, merchant, own)).status,
      };
    },
    gives: [
      ['seesNone', { list: [false, false], details: [404, 404], deletes: 404 }],
      ['seesOwn', { list: [true, false], details: [200, 404], deletes: 403 }],
      ['forbidden', { list: 403, details: [403, 403], deletes: 403 }],
    ],
  },
  merchantPricePackages: {
    async see({ get, merchant }) {
      const { status, json } = await get(PACKAGES, merchant);
      return status === 200 ? json : status;
    },
    gives: [
      [403, 403],
      [401, 401],
      [404, 404],
      ['emptyList', []],
    ],
  },
  rateLimitPerMinute: {
    async see(bench) {
      const { sandbox, get, merchant } = bench;
      const { status } = await third(bench);
      const other = (await get(UNITS, merchant)).status;
      sandbox.clock.advance(60_000);
      return { third: status, other, afterAMinute: (await third(bench)).status };
    },
    gives: [
      [0, { third: 200, other: 200, afterAMinute: 200 }],
      [2, { third: 429, other: 200, afterAMinute: 429 }],
      [3, { third: 200, other: 200, afterAMinute: 200 }],
    ],
  },
  retryAfter: {
    async see(bench) {
      bench.sandbox.setPolicy({ rateLimitPerMinute: 2 });
      const { status, retryAfter } = await third(bench);
      if (retryAfter === null) return [status, 'none'];
      // The date is on the sandbox's clock, which other cases have moved.
      const seconds = Number(retryAfter) || (Date.parse(retryAfter) - bench.sandbox.clock.now()) / 1000;
      return [status, /^\d+$/.test(retryAfter) ? 'seconds' : 'date', seconds > 55 && seconds <= 61];
    },
    gives: [
      ['seconds', [429, 'seconds', true]],
      ['date', [429, 'date', true]],
      ['none', [429, 'none']],
    ],
  },
  latencyMs: {
    async see({ get }) {
      const startedAt = performance.now();
      await get(PACKAGES);
      return performance.now() - startedAt >= 119;
    },
    gives: [
      [20, false],
      [120, true],
    ],
  },
});
