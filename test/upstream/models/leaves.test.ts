import { describe, expect, it, vi } from 'vitest';
import { DateTime } from '../../../src/upstream/models/date-time.ts';
import { startTestGateway } from '../../support/gateway.ts';

describe('a time', () => {
  it.each([
    ['2022-09-02T06:45:25', '2022-09-02T06:45:25Z'],
    ['2022-09-02T06:45:25.1234567', '2022-09-02T06:45:25.1234567Z'],
    ['2022-09-02T06:45:25.921251Z', '2022-09-02T06:45:25.921251Z'],
    ['2022-09-02T06:45:25+02:00', '2022-09-02T06:45:25+02:00'],
    ['0001-01-01T00:00:00', '0001-01-01T00:00:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2022-09-02', '2022-09-02T00:00:00Z'],
  ])('%s is %s in every zone', (sent, read) => {
    for (const zone of ['Europe/Oslo', 'Pacific/Auckland', 'UTC']) {
      vi.stubEnv('TZ', zone);
      expect(DateTime.parse(sent)).toBe(read);
    }
    vi.unstubAllEnvs();
  });

  it.each([
    '2023-31-12T10:00:00Z',
    '2023-02-30T10:00:00Z',
    '2023-02-29',
    '2023-01-01T24:00:00Z',
    '2023-01-01T10:60:00Z',
    '2023-00-10T10:00:00Z',
    'yesterday',
    '1693636800',
    '',
  ])('%s is none, not another day', (sent) => expect(DateTime.safeParse(sent).success).toBe(false));
});

describe('a broken leaf', () => {
  const merchant = 'GET /management/v1/merchants/{scheme}/{id}';
  const fields =
    'name status createdAt updatedAt countryCode businessAddress { city } businessPostAddress { city }';
  const ask = `{ salesUnits(first: 1) { nodes { merchant { ${fields} } } } }`;
  interface Page {
    salesUnits: { nodes: { merchant: Record<string, unknown> | null }[] };
  }

  it.each([
    ['createdAt', '2023-31-12T10:00:00Z'],
    ['updatedAt', 7],
    ['name', null],
    ['name', 17],
    ['status', {}],
    ['countryCode', []],
    ['businessAddress', 'Storgata 1'],
    ['businessPostAddress', { lines: 'Storgata 1' }],
  ])('%s: %j is null with an error at its path, and the rest is there', async (name, value) => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: merchant, patch: [{ path: [name], value }] });
    const { data, errors } = await gateway.query<Page>(ask);
    const found = data?.salesUnits.nodes[0]?.merchant;
    expect(errors).toMatchObject([
      { path: ['salesUnits', 'nodes', 0, 'merchant', name], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
    expect(found?.[name]).toBeNull();
    for (const other of ['name', 'status', 'createdAt', 'countryCode'].filter((one) => one !== name))
      expect(found?.[other]).toEqual(expect.any(String));
    expect(gateway.drift).toEqual([`${merchant} ${name}`]);
  });

  it('is none where a merchant was never updated', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: merchant, patch: [{ path: ['updatedAt'], value: null }] });
    const { data, errors } = await gateway.query<Page>(ask);
    expect(errors).toBeUndefined();
    expect(data?.salesUnits.nodes[0]?.merchant).toMatchObject({ updatedAt: null });
  });

  it('of a configuration leaves the other settings readable', async () => {
    await using gateway = await startTestGateway();
    const route = 'GET /management/v1/sales-units/{msn}';
    gateway.sandbox.fault({ route, patch: [{ path: ['configuration', 'recurringAllowed'], value: 'yes' }] });
    const { data, errors } = await gateway.query(
      '{ salesUnits(first: 1) { nodes { configuration { recurringAllowed captureType } } } }',
    );
    expect(errors?.map(({ path }) => path?.at(-1))).toEqual(['recurringAllowed']);
    expect(data).toMatchObject({
      salesUnits: {
        nodes: [{ configuration: { recurringAllowed: null, captureType: expect.any(String) } }],
      },
    });
    expect(gateway.drift).toEqual([`${route} configuration.recurringAllowed`]);
  });
});
