import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

async function headersOf(query: (msn: string) => string, merchantSerialNumber?: boolean) {
  const seen: Record<string, IncomingHttpHeaders> = {};
  await using gateway = await startTestGateway({
    sandbox: {
      onExchange: ({ method, template, requestHeaders }) => (seen[`${method} ${template}`] = requestHeaders),
    },
    env: { VIPPS_SYSTEM_NAME: 'acme', VIPPS_SYSTEM_PLUGIN_VERSION: '4.5.6' },
    ...(merchantSerialNumber && { credentials: ({ data }) => ({ merchantSerialNumber: data.msns[0] }) }),
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
  return { seen, msn };
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

  it('name the configured unit only where one unit or one merchant is acted for', async () => {
    const { seen, msn } = await headersOf(everything, true);
    const named = Object.entries(seen).filter(([, headers]) => headers['merchant-serial-number'] === msn);
    expect(named.map(([route]) => route).sort()).toEqual([
      'GET /management/v1/merchants/{scheme}/{id}',
      'GET /management/v1/sales-units/{msn}',
      'POST /accesstoken/get',
    ]);
  });

  it('name no unit when none is configured', async () => {
    const { seen } = await headersOf(everything);
    for (const headers of Object.values(seen)) expect(headers).not.toHaveProperty('merchant-serial-number');
  });
});
