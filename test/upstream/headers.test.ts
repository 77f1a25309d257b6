import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { MerchantSerialNumberUse } from '../../src/upstream/keys/merchant-serial-number.ts';
import { startTestGateway } from '../support/gateway.ts';
import { env, prefill } from './writes/ordering.ts';

async function headersOf(
  query: (msn: string) => string,
  merchantSerialNumber?: boolean,
  use?: MerchantSerialNumberUse,
) {
  const seen: Record<string, IncomingHttpHeaders> = {};
  await using gateway = await startTestGateway({
    sandbox: {
      onExchange: ({ method, template, requestHeaders }) => (seen[`${method} ${template}`] = requestHeaders),
    },
    env: {
      VIPPS_SYSTEM_NAME: 'acme',
      VIPPS_SYSTEM_PLUGIN_VERSION: '4.5.6',
      ...(use && { VIPPS_MERCHANT_SERIAL_NUMBER_USE: use }),
      VIPPS_MERCHANT_SERIAL_NUMBER: '123456',
    },
    ...(merchantSerialNumber && { credentials: ({ data }) => ({ merchantSerialNumber: data.msns[1] }) }),
  });
  const msn = gateway.sandbox.data.msns[0] ?? '';
  const { errors } = await gateway.query(query(msn), undefined, {
    headers: {
      'x-forwarded-for': '10.0.0.1',
      authorization: 'Bearer canary',
      client_secret: 'canary',
      cookie: 'canary',
    },
  });
  expect(errors).toBeUndefined();
  return { seen, msn, configured: gateway.sandbox.data.msns[1] ?? '' };
}

const everything = (msn: string) =>
  `{ salesUnit(msn: "${msn}") { merchant { name salesUnits { totalCount } } } productOrders { totalCount } pricePackages { name } salesUnits { totalCount } }`;

describe('headers of upstream calls', () => {
  it('carry the four system headers, the token call too', async () => {
    const { seen } = await headersOf(everything);
    expect(Object.keys(seen)).toHaveLength(7);
    for (const headers of Object.values(seen))
      expect(headers).toMatchObject({
        'vipps-system-name': 'acme',
        'vipps-system-version': expect.stringMatching(/^\d+\.\d+\.\d+/),
        'vipps-system-plugin-name': 'management-graphql',
        'vipps-system-plugin-version': '4.5.6',
      });
  });

  it('carry nothing of what the client sent', async () => {
    const { seen } = await headersOf(everything);
    expect(JSON.stringify(seen)).not.toMatch(/canary|10\.0\.0\.1/);
  });

  const ONE = [
    'GET /management/v1/merchants/{scheme}/{id}',
    'GET /management/v1/merchants/{scheme}/{id}/sales-units',
    'GET /management/v1/sales-units/{msn}',
  ];
  const MANY = [
    'GET /management/v1/partners/price-packages',
    'GET /management/v1/sales-units',
    'GET /management/v2/product-orders',
  ];
  const TOKEN = 'POST /accesstoken/get';
  const UNIT = 'GET /management/v1/sales-units/{msn}';

  it.each([
    ['the default', undefined, [...ONE, TOKEN]],
    ['one', 'one', [...ONE, TOKEN]],
    ['always', 'always', [...ONE, ...MANY, TOKEN]],
    ['own', 'own', [...ONE, TOKEN].filter((route) => route !== UNIT)],
    ['never', 'never', []],
  ] as const)('name the configured unit where they should: %s', async (_what, use, routes) => {
    const { seen, msn, configured } = await headersOf(everything, true, use);
    const numberOf = (route: string) => seen[route]?.['merchant-serial-number'];
    const naming = Object.keys(seen).filter((route) => numberOf(route) === configured);
    expect(naming.sort()).toEqual([...routes].sort());
    if (use === 'own') expect(numberOf(UNIT)).toBe(msn);
  });

  it.each([undefined, 'one', 'never'] as const)('name no unit when none is configured: %s', async (use) => {
    const { seen } = await headersOf(everything, false, use);
    for (const headers of Object.values(seen)) expect(headers).not.toHaveProperty('merchant-serial-number');
  });

  it('name the unit that is read, without a configured one', async () => {
    const { seen, msn } = await headersOf(everything, false, 'own');
    const naming = Object.entries(seen).filter(
      ([, headers]) => headers['merchant-serial-number'] !== undefined,
    );
    expect(naming.map(([route, headers]) => [route, headers['merchant-serial-number']])).toEqual([
      [UNIT, msn],
    ]);
  });

  it.each([
    ['requiredForOne', 'one'],
    ['requiredAlways', 'always'],
  ] as const)('satisfy an upstream that says %s, writes included', async (merchantSerialNumber, use) => {
    await using gateway = await startTestGateway({
      sandbox: { policy: { merchantSerialNumber } },
      env: { ...env, VIPPS_MERCHANT_SERIAL_NUMBER_USE: use, VIPPS_MERCHANT_SERIAL_NUMBER: '123456' },
      credentials: ({ data }) => ({ merchantSerialNumber: data.msns[1] }),
    });
    const { errors } = await gateway.query(everything(gateway.sandbox.data.msns[0] ?? ''));
    expect(errors).toBeUndefined();
    const { data } = await prefill(gateway, { idempotencyKey: 'k' });
    const id = data?.prefillProductOrder.productOrder?.productOrderId;
    const deletion = await gateway.query(
      `mutation { deleteProductOrder(input: { productOrderId: "${id}" }) { deletedProductOrderId } }`,
    );
    expect([deletion.errors, deletion.data]).toEqual([
      undefined,
      { deleteProductOrder: { deletedProductOrderId: expect.any(String) } },
    ]);
  });

  it('are named in the log of a 403 that may come from them', async () => {
    for (const [configured, says] of [
      [undefined, 'without Merchant-Serial-Number'],
      ['another', 'with Merchant-Serial-Number'],
    ] as const) {
      await using gateway = await startTestGateway({
        sandbox: { policy: { merchantSerialNumber: 'requiredForOne' } },
        credentials: ({ data }) => ({
          merchantSerialNumber: configured && data.hidden.msnOfOtherPartner,
        }),
      });
      const [msn] = gateway.sandbox.data.msns;
      const { errors } = await gateway.query(`{ salesUnit(msn: "${msn}") { name } }`);
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect(gateway.logs.map((line) => line['msg'])).toContainEqual(expect.stringContaining(`403, ${says}`));
    }
  });
});
