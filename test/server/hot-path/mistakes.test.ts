import { request } from 'undici';
import { expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listenToHotPath } from '../../support/listen.ts';

it('answers once, as INTERNAL, if the hot path itself fails, and goes on', async () => {
  let fails = true;
  await using gateway: TestGateway = await startTestGateway({
    gateway: {
      authenticate: () => ({
        id: 'test',
        tenantId: 'default',
        client: {
          ...gateway.client,
          dataVersion: () => {
            if (fails) throw new Error('a mistake in the gateway');
            return gateway.client.dataVersion();
          },
        },
        scopes: new Set(['read'] as const),
        audience: 'backend',
        limits: {},
      }),
    },
  });
  await using server = await listenToHotPath(gateway);
  const ask = async () => {
    const { statusCode, body } = await request(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { tenant } }' }),
    });
    return { statusCode, answer: await body.json() };
  };
  expect(await ask()).toMatchObject({
    statusCode: 500,
    answer: { errors: [{ extensions: { code: 'INTERNAL', requestId: expect.any(String) } }] },
  });
  expect(gateway.logs.filter(({ msg }) => msg === 'internal error')).toHaveLength(1);
  expect(gateway.logs.at(-1)).toMatchObject({ msg: 'request', status: 500, code: 'INTERNAL' });
  fails = false;
  expect(await ask()).toMatchObject({ statusCode: 200, answer: { data: { viewer: { tenant: 'default' } } } });
});
