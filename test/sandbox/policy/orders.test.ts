import { expect } from 'vitest';
import type { orderPolicies } from '../../../src/sandbox/policy/orders.ts';
import { send, signIn } from '../client.ts';
import { deleteOrder, details, listed, order, smallest } from '../ordering.ts';
import type { Bench } from './bench.ts';
import { describePolicies } from './bench.ts';

const V1 = '/management/v1/product-orders';
const statusOf = async ({ sandbox, partner }: Bench, id: string) =>
  (await details(sandbox, partner, id)).json.status;

describePolicies<keyof typeof orderPolicies>('orders', {
  lateDeleteStatus: {
    async see({ sandbox, partner, place }) {
      const id = await place();
      sandbox.moveOrder(id, 'ORDER_SUBMITTED');
      const manual = sandbox.data.orders.find(({ type, id: own }) => type === 'MANUAL' && own)?.id ?? '';
      const replies = [await deleteOrder(sandbox, partner, id), await deleteOrder(sandbox, partner, manual)];
      return replies.map(({ status, json }) => [status, json.status]);
    },
    gives: [400, 403, 404, 409].map((status) => [
      status,
      [
        [status, status],
        [status, status],
      ],
    ]),
  },
  expiredOrderDeletion: {
    async see({ sandbox, partner, place }) {
      // Each order lets the one before expire.
      sandbox.setPolicy({ prefillsPerMerchant: 'latestOnly' });
      const [id] = [await place(), await place()];
      return (await deleteOrder(sandbox, partner, id)).status;
    },
    gives: [
      ['allowed', 200],
      ['refused', 400],
    ],
  },
  rejectedInDefaultList: {
    async see({ sandbox, partner, place }) {
      const id = await place();
      sandbox.moveOrder(id, 'REJECTED');
      const shown = async (query: string) => (await listed(sandbox, partner, id, query)).length;
      return [await shown(''), await shown('?includeExpired=true')];
    },
    gives: [
      [true, [1, 1]],
      [false, [0, 1]],
    ],
  },
  deletedOrdersDisappear: {
    async see({ sandbox, partner, place }) {
      const id = await place();
      await deleteOrder(sandbox, partner, id);
      const read = await details(sandbox, partner, id);
      return [
        read.status === 200 ? read.json.status : read.status,
        (await listed(sandbox, partner, id, '?includeExpired=true')).length,
      ];
    },
    gives: [
      [true, [404, 0]],
      [false, ['EXPIRED', 1]],
    ],
  },
  prefillsPerMerchant: {
    async see(bench) {
      const { place, sandbox } = bench;
      const theirs = await signIn(sandbox, sandbox.callers.otherPartner);
      const foreign = (await order(sandbox, theirs)).json.prefilledOrderId;
      const [plain, submitted] = [await place(), await place()];
      sandbox.moveOrder(submitted, 'ORDER_SUBMITTED');
      const other = await place({ ...smallest, businessIdentifier: sandbox.data.ownMerchant });
      const latest = await place();
      const own = await Promise.all([plain, submitted, other, latest].map((id) => statusOf(bench, id)));
      return [...own, (await details(sandbox, theirs, foreign)).json.status];
    },
    gives: [
      ['keepAll', ['RECEIVED', 'ORDER_SUBMITTED', 'RECEIVED', 'RECEIVED', 'RECEIVED']],
      // The second order had let the first expire already.
      ['latestOnly', ['EXPIRED', 'ORDER_SUBMITTED', 'RECEIVED', 'RECEIVED', 'RECEIVED']],
    ],
  },
  rejectedOrders: {
    async see(bench) {
      const id = await bench.place();
      bench.sandbox.moveOrder(id, 'REJECTED');
      const [inList] = await listed(bench.sandbox, bench.partner, id);
      return [await statusOf(bench, id), inList.status];
    },
    gives: [
      ['REJECTED', ['REJECTED', 'REJECTED']],
      ['ORDER_SUBMITTED', ['ORDER_SUBMITTED', 'ORDER_SUBMITTED']],
    ],
  },
  deactivatedUnitInOrder: {
    async see({ sandbox, partner, place }) {
      const id = await place({ ...smallest, salesUnitName: 'Pop-up' });
      const msn = sandbox.moveOrder(id, 'COMPLETED').salesUnit?.msn ?? '';
      const read = async () => (await details(sandbox, partner, id)).json;
      const before = await read();
      sandbox.deactivateUnit(msn);
      const after = await read();
      return [before.salesUnit.name, after.status, after.salesUnit];
    },
    gives: [
      ['hidden', ['Pop-up', 'COMPLETED', null]],
      ['shown', ['Pop-up', 'COMPLETED', { msn: expect.any(String), name: 'Pop-up' }]],
    ],
  },
  includeExpired: {
    async see({ sandbox, get }) {
      const expired = sandbox.data.orders.find(({ status }) => status === 'EXPIRED')?.id ?? '';
      const list = async (query: string) => {
        const { status, json } = await get(`/management/v2/product-orders?includeExpired=${query}`);
        return status === 200
          ? json.some(({ productOrderId }: { productOrderId: string }) => productOrderId === expired)
          : status;
      };
      return [await list('true'), await list('false'), await list('perhaps')];
    },
    gives: [
      ['honoured', [true, false, 400]],
      ['ignored', [false, false, false]],
    ],
  },
  v1OrderReads: {
    async see({ sandbox, get, partner, place }) {
      const id = await place();
      sandbox.moveOrder(id, 'REJECTED');
      const list = await get(`${V1}?includeExpired=true`);
      const one = await get(`${V1}/${id}/details`);
      const withoutToken = await send(sandbox, 'GET', V1);
      const manual = sandbox.data.orders.find(({ type, id: own }) => type === 'MANUAL' && own)?.id ?? '';
      const isListed = (wanted: string) =>
        list.json.some(({ productOrderId }: { productOrderId: string }) => productOrderId === wanted);
      const both = [
        (await details(sandbox, partner, manual)).status,
        (await get(`${V1}/${manual}/details`)).status,
      ];
      if (list.status !== 200) return [list.json, one.json, withoutToken.json];
      return [isListed(id), isListed(manual), both, one.json, withoutToken.status];
    },
    gives: [
      ['gone', [0, 1, 2].map(() => ({ statusCode: 404, message: 'Resource not found' }))],
      [
        'available',
        [
          true,
          false,
          [200, 404],
          {
            productOrderId: expect.any(String),
            status: 'ORDER_SUBMITTED',
            businessIdentifier: smallest.businessIdentifier,
            productOrderUrl: expect.stringContaining('/portal/register/prefilled/'),
            salesUnit: null,
          },
          401,
        ],
      ],
    ],
    // The gateway, not the API, says that a path is unknown.
    outside: ['gone'],
  },
});
