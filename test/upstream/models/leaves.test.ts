import { describe, expect, it, vi } from 'vitest';
import { DateTime } from '../../../src/upstream/models/date-time.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { env, LIST, POST, prefill } from '../writes/ordering.ts';

const ORDERS = 'GET /management/v2/product-orders';
const PACKAGES = 'GET /management/v1/partners/price-packages';

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
    ['businessPostAddress', 7],
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

  it('of an address costs that part, and a line that line', async () => {
    await using gateway = await startTestGateway();
    const address = { lines: ['Storgata 1', 7, null], postCode: {}, city: 'Oslo', countryCode: 47 };
    gateway.sandbox.fault({
      route: merchant,
      patch: [
        { path: ['businessAddress'], value: address },
        { path: ['businessPostAddress'], value: { lines: 'Storgata 1', city: 'Oslo' } },
      ],
    });
    const parts = '{ lines postCode city countryCode }';
    const { data, errors } = await gateway.query<Page>(
      `{ salesUnits(first: 1) { nodes { merchant { name businessAddress ${parts} businessPostAddress ${parts} } } } }`,
    );
    expect(data?.salesUnits.nodes[0]?.merchant).toEqual({
      name: expect.any(String),
      businessAddress: { lines: ['Storgata 1', null, null], postCode: null, city: 'Oslo', countryCode: null },
      businessPostAddress: { lines: null, postCode: null, city: 'Oslo', countryCode: null },
    });
    expect(errors?.map(({ path }) => path?.slice(4).join('.')).sort()).toEqual([
      'businessAddress.countryCode',
      'businessAddress.lines.1',
      'businessAddress.lines.2',
      'businessAddress.postCode',
      'businessPostAddress.lines',
    ]);
    expect(gateway.drift.map((field) => field.split(' ').at(-1)).sort()).toEqual([
      'businessAddress.countryCode',
      'businessAddress.lines',
      'businessAddress.postCode',
      'businessPostAddress.lines',
    ]);
  });

  it.each([
    ['name', null, '{ msn name }'],
    ['businessIdentifier', { scheme: 'business:NO:ORG' }, '{ msn name businessIdentifier { value } }'],
    ['configuration', [], '{ msn name configuration { captureType } }'],
  ])('%s: %j of a unit leaves the unit readable', async (field, value, selection) => {
    await using gateway = await startTestGateway();
    const [msn] = gateway.sandbox.data.msns;
    gateway.sandbox.fault({
      route: 'GET /management/v1/sales-units/{msn}',
      patch: [{ path: [field], value }],
    });
    const { data, errors } = await gateway.query(`{ salesUnit(msn: "${msn}") ${selection} }`);
    expect(data).toMatchObject({ salesUnit: { msn, [field]: null } });
    expect(errors).toMatchObject([
      { path: ['salesUnit', field], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
  });

  it('of a list leaves its row readable, in every order', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: LIST, patch: [{ path: ['3', 'name'], value: 17 }] });
    for (const orderBy of ['', '(orderBy: { field: NAME, direction: DESC })']) {
      const { data, errors } = await gateway.query<{ salesUnits: { nodes: { name: string | null }[] } }>(
        `{ salesUnits${orderBy} { nodes { msn name } } }`,
      );
      const at = data?.salesUnits.nodes.findIndex(({ name }) => name === null);
      expect([errors?.length, errors?.[0]?.path]).toEqual([1, ['salesUnits', 'nodes', at, 'name']]);
    }
  });

  it.each([
    ['status', 'status', 7, 'status'],
    ['productType', 'productType', {}, 'productType'],
    ['productOrderType', 'type', [], 'type'],
    ['businessIdentifier', 'businessIdentifier', 'x', 'businessIdentifier { value }'],
    ['businessIdentifier', 'merchant', 'x', 'merchant { name }'],
    ['salesUnit', 'salesUnit', { msn: 'x' }, 'salesUnit { msn }'],
    ['productOrderUrl', 'url', 7, 'url'],
  ])('%s of an order leaves the order readable (%s)', async (name, field, value, selection) => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: ORDERS, patch: [{ path: ['0', name], value }] });
    const { data, errors } = await gateway.query<{
      productOrders: { nodes: Record<string, unknown>[]; totalCount: number };
    }>(`{ productOrders(first: 100) { totalCount nodes { productOrderId ${selection} } } }`);
    expect(data?.productOrders.nodes.length).toBe(data?.productOrders.totalCount);
    expect(data?.productOrders.nodes).not.toContain(null);
    expect(errors?.map(({ path }) => path?.at(-1))).toEqual([field]);
  });

  it('makes an order without id and business unreadable', async () => {
    await using gateway = await startTestGateway();
    const patch = [
      { path: ['0', 'productOrderId'], remove: true as const },
      { path: ['0', 'businessIdentifier'], value: null },
    ];
    gateway.sandbox.fault({ route: ORDERS, patch });
    const { data, errors } = await gateway.query<{ productOrders: { nodes: unknown[] } }>(
      '{ productOrders(first: 100) { nodes { status } } }',
    );
    expect(data?.productOrders.nodes.filter((node) => node === null)).toHaveLength(1);
    expect(errors?.map(({ path }) => path?.[1])).toEqual(['nodes']);
  });

  it.each(['name', 'description', 'visibleInSignupForm', 'productType', 'market', 'commission'])(
    '%s of a price package leaves the package readable',
    async (field) => {
      await using gateway = await startTestGateway();
      gateway.sandbox.fault({ route: PACKAGES, patch: [{ path: ['0', field], value: { odd: true } }] });
      const { data, errors } = await gateway.query<{ pricePackages: unknown[] }>(
        `{ pricePackages { pricePackageId ${field} } }`,
      );
      expect(data?.pricePackages).not.toContain(null);
      expect(errors).toMatchObject([{ path: ['pricePackages', 0, field] }]);
    },
  );

  it('of a prefill does not make the order look failed', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, patch: [{ path: ['prefillUrl'], value: null }] });
    const { data, errors } = await prefill(gateway);
    expect(data?.prefillProductOrder).toMatchObject({ prefillUrl: null, productOrder: expect.anything() });
    expect(errors?.map(({ path }) => path?.at(-1)).sort()).toEqual(['prefillUrl', 'url']);
  });
});

describe('a filter', () => {
  const counts = async (gateway: TestGateway, ...fields: string[]) => {
    const text = fields.map((field, index) => `c${index}: ${field} { totalCount }`).join(' ');
    const { data } = await gateway.query<Record<string, { totalCount: number }>>(`{ ${text} }`);
    return Object.values(data ?? {}).map(({ totalCount }) => totalCount);
  };

  it('leaves no unreadable unit out of its count', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 20 } });
    const patch = [
      { path: ['0', 'msn'], remove: true as const },
      { path: ['1'], value: null },
      { path: ['2', 'name'], value: 7 },
    ];
    gateway.sandbox.fault({ route: LIST, patch });
    const found = await counts(
      gateway,
      'salesUnits',
      'salesUnits(filter: { name: { contains: "" } })',
      'salesUnits(filter: { name: { equals: "nobody" } })',
      'salesUnits(filter: { msn: { equals: "1" } })',
      'salesUnits(filter: { name: { equals: "nobody" } }, orderBy: { field: NAME, direction: ASC })',
    );
    expect(found).toEqual([20, 20, 3, 2, 3]);
    const { data, errors } = await gateway.query<{ salesUnits: { nodes: unknown[] } }>(
      '{ salesUnits(filter: { name: { equals: "nobody" } }) { nodes { msn name } } }',
    );
    expect(data?.salesUnits.nodes).toEqual([{ msn: expect.any(String), name: null }, null, null]);
    expect(errors?.map(({ path }) => path?.slice(2))).toEqual(
      expect.arrayContaining([[0, 'name'], [1], [2]]),
    );
  });

  it('leaves no unreadable order out of its count', async () => {
    await using gateway = await startTestGateway();
    const patch = [
      { path: ['0'], value: 'odd' },
      { path: ['1', 'status'], value: 7 },
      { path: ['2', 'productType'], value: 7 },
      { path: ['3', 'productOrderType'], value: 7 },
    ];
    gateway.sandbox.fault({ route: ORDERS, patch });
    const [all, status, type, product] = await counts(
      gateway,
      'productOrders',
      'productOrders(filter: { status: [RECEIVED, MERCHANT_VIEWED, ORDER_SUBMITTED, COMPLETED, REJECTED, EXPIRED] })',
      'productOrders(filter: { type: [PREFILL, TEMPLATE, MANUAL, UNKNOWN] })',
      'productOrders(filter: { productType: [LOGIN], status: [UNKNOWN] })',
    );
    expect([status, type, product]).toEqual([all, all, 1]);
  });

  it('leaves no unreadable package out', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: PACKAGES, patch: [{ path: ['0'], value: null }] });
    const { data, errors } = await gateway.query<{ pricePackages: unknown[] }>(
      '{ pricePackages(filter: { market: [UNKNOWN] }) { name } }',
    );
    expect(data?.pricePackages).toEqual([null]);
    expect(errors).toMatchObject([{ path: ['pricePackages', 0] }]);
  });
});

describe('a broken setting', () => {
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
