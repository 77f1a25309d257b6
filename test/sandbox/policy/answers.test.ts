import { expect, it } from 'vitest';
import type { answerPolicies } from '../../../src/sandbox/policy/answers.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { send, signIn } from '../client.ts';
import { order } from '../ordering.ts';
import type { Bench } from './bench.ts';
import { describePolicies } from './bench.ts';

const TOO_LONG = 'must have at most 30 characters.';

const UNITS = '/management/v1/sales-units';
const PACKAGES = '/management/v1/partners/price-packages';
const merchantPath = ({ scheme, id }: { scheme: string; id: string }) =>
  `/management/v1/merchants/${scheme}/${id}`;

/** A 400 that names a header. */
const badHeader = ({ get, partner }: Bench) =>
  get(UNITS, { ...partner, 'Vipps-System-Name': 'x'.repeat(31) });

describePolicies<keyof typeof answerPolicies>('answers', {
  msnAsInteger: {
    async see({ get }) {
      const { msn } = (await get(UNITS)).json[0];
      return [typeof msn, typeof (await get(`${UNITS}/${msn}`)).json.msn];
    },
    gives: [
      [false, ['string', 'string']],
      [true, ['number', 'string']],
    ],
  },
  settlementBankAccount: {
    async see({ sandbox, get, place }) {
      const settlementBankAccount = { scheme: 'BBAN:NO', id: '86011117947' };
      const businessIdentifier = { scheme: 'business:NO:ORG', id: '923609016' };
      const id = await place({ businessIdentifier, productType: 'CASHIER', settlementBankAccount });
      const msn = sandbox.moveOrder(id, 'COMPLETED').salesUnit?.msn;
      const units: { msn: string }[] = (await get(UNITS)).json;
      const all = await Promise.all(units.map(async ({ msn }) => (await get(`${UNITS}/${msn}`)).json));
      return {
        units: all.filter((unit) => 'settlementBankAccount' in unit).length / all.length,
        ofOrder: all.find((unit) => unit.msn === msn).settlementBankAccount,
      };
    },
    gives: [
      ['hidden', { units: 0, ofOrder: undefined }],
      ['shown', { units: 1, ofOrder: { scheme: 'BBAN:NO', id: '86011117947' } }],
    ],
  },
  listOrder: {
    async see({ sandbox, get }) {
      const { ownMerchant } = sandbox.data;
      const lists = [
        UNITS,
        PACKAGES,
        '/management/v2/product-orders',
        `${merchantPath(ownMerchant)}/sales-units`,
      ];
      const rows = async (path: string): Promise<string[]> =>
        (await get(path)).json.map((row: object) => JSON.stringify(row));
      return Promise.all(
        lists.map(async (path) => {
          const reads = [];
          for (let read = 0; read < 12; read++) reads.push(await rows(path));
          const [first = []] = reads;
          expect(first.length).toBeGreaterThan(3);
          for (const read of reads) expect([...read].sort()).toEqual([...first].sort());
          return new Set(reads.map((read) => read.join())).size > 3;
        }),
      );
    },
    gives: [
      ['stable', [false, false, false, false]],
      ['shuffled', [true, true, true, true]],
    ],
  },
  unknownMerchantUnits: {
    async see({ sandbox, get }) {
      const path = merchantPath(sandbox.data.hidden.merchantOfOtherPartner);
      const { status, json } = await get(`${path}/sales-units`);
      return [status === 200 ? json : status, (await get(path)).status];
    },
    gives: [
      ['notFound', [404, 404]],
      ['emptyList', [[], 404]],
    ],
  },
  badBusinessIdentifierStatus: {
    async see({ sandbox, get }) {
      const { scheme, id } = sandbox.data.ownMerchant;
      const bad = [merchantPath({ scheme: 'NO', id }), `${merchantPath({ scheme, id: '12x4' })}/sales-units`];
      const replies = await Promise.all([merchantPath({ scheme, id }), ...bad].map((path) => get(path)));
      return replies.map(({ status, json }) => json.extraDetails?.[0].name ?? status);
    },
    gives: [
      [404, [200, 404, 404]],
      [400, [200, 'scheme', 'id']],
    ],
  },
  refusalForm: {
    async see(bench) {
      const { sandbox, get, partner } = bench;
      sandbox.setPolicy({ rateLimitPerMinute: 1 });
      const replies = [
        await get(UNITS, { ...partner, Authorization: 'Bearer x' }),
        await get(UNITS, { ...partner, 'Merchant-Serial-Number': sandbox.data.hidden.msnOfOtherPartner }),
        await get(UNITS),
      ];
      return replies.map(({ status, contentType, json }) => [status, contentType, 'title' in json]);
    },
    gives: [
      ['gateway', [401, 403, 429].map((status) => [status, 'application/json', false])],
      ['problem', [401, 403, 429].map((status) => [status, 'application/problem+json', true])],
    ],
  },
  problemStatus: {
    see: async (bench) => (await badHeader(bench)).json.status,
    gives: [
      ['number', 400],
      ['string', '400'],
    ],
    outside: ['string'],
  },
  problemTitles: {
    see: async (bench) => [
      (await order(bench.sandbox, bench.merchant)).json.title,
      (await badHeader(bench)).json.title,
    ],
    gives: [
      ['statusText', ['Forbidden', 'Bad Request']],
      ['documented', ['Not authorized to create a product order', 'Bad Request']],
    ],
  },
  problemTraceId: {
    see: async (bench) => 'traceId' in (await badHeader(bench)).json,
    gives: [
      [true, true],
      [false, false],
    ],
  },
  extraDetails: {
    see: async (bench) => {
      const { extraDetails, invalidParams, errors } = (await badHeader(bench)).json;
      return { extraDetails, invalidParams, errors };
    },
    gives: [
      ['nameReason', { extraDetails: [{ name: 'Vipps-System-Name', reason: TOO_LONG }] }],
      ['keyValue', { extraDetails: [{ key: 'Vipps-System-Name', value: TOO_LONG }] }],
      ['fieldText', { extraDetails: [{ field: 'Vipps-System-Name', text: TOO_LONG }] }],
      ['invalidParams', { invalidParams: [{ name: 'Vipps-System-Name', reason: TOO_LONG }] }],
      ['errors', { errors: { 'Vipps-System-Name': [TOO_LONG] } }],
      ['none', {}],
    ],
    outside: ['fieldText'],
  },
});

it('gives the same shuffled lists for the same seed', async () => {
  const read = async (seed: number) => {
    await using sandbox = await startSandbox({ latencyMs: 0, seed, policy: { listOrder: 'shuffled' } });
    const headers = await signIn(sandbox);
    const first = await send(sandbox, 'GET', UNITS, { headers });
    return [first.json, (await send(sandbox, 'GET', UNITS, { headers })).json];
  };
  const [one, same] = [await read(1), await read(1)];
  expect(one).toEqual(same);
  expect(one[0]).not.toEqual(one[1]);
});
