import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';

const details = 'GET /management/v1/sales-units/{msn}';
const page = '{ salesUnits { nodes { msn name configuration { captureType } merchant { name } } } }';

interface Page {
  salesUnits: { nodes: ({ msn: string; configuration: object | null; merchant: object | null } | null)[] };
}

describe('one of fifty units', () => {
  it('that fails leaves 49 rows whole, and each of its nulls has its own error', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 50 } });
    const msn = gateway.sandbox.data.msns[30];
    gateway.sandbox.fault({ route: details, path: `/management/v1/sales-units/${msn}`, status: 500 });
    const { data, errors } = await gateway.query<Page>(page);
    const nodes = data?.salesUnits.nodes ?? [];
    const index = nodes.findIndex((node) => node?.msn === msn);
    expect(nodes.filter((node) => node?.configuration && node.merchant)).toHaveLength(49);
    expect(nodes[index]).toMatchObject({ msn, configuration: null, merchant: null });
    const extensions = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };
    expect(errors).toHaveLength(2);
    expect(errors).toMatchObject(
      ['configuration', 'merchant'].map((field) => ({
        path: ['salesUnits', 'nodes', index, field],
        extensions,
      })),
    );
  });

  it('that is gone when its details are read is an error at each field that needs them', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 50 } });
    const path = `/management/v1/sales-units/${gateway.sandbox.data.msns[30]}`;
    const body = { type: 'about:blank', title: 'Gone', status: 404, detail: '', instance: '' };
    gateway.sandbox.fault({ route: details, path, status: 404, body });
    const { errors } = await gateway.query(page);
    expect(errors?.map(({ path, extensions: { code } }) => [path?.at(-1), code])).toEqual([
      ['configuration', 'NOT_FOUND'],
      ['merchant', 'NOT_FOUND'],
    ]);
  });

  it('that is slow does not hold up the merchants of the others', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 50, latencyMs: 20 } });
    // Ten merchants of five units: the slow one shares its merchant with four that are fast.
    const msn = gateway.sandbox.data.msns[0];
    gateway.sandbox.fault({ route: details, path: `/management/v1/sales-units/${msn}`, delayMs: 2_000 });
    const { errors } = await gateway.query(page);
    expect(errors).toBeUndefined();
    const calls = gateway.sandbox.calls();
    const started = calls[0]?.at ?? 0;
    const merchants = calls.filter(({ template }) => template === '/management/v1/merchants/{scheme}/{id}');
    expect(merchants).toHaveLength(10);
    for (const { at } of merchants) expect(at - started).toBeLessThan(1_500);
  });

  it('that is slower than a call may be fails alone, and the others are there', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 50 },
      env: { UPSTREAM_TIMEOUT_MS: '2000' },
    });
    const msn = gateway.sandbox.data.msns[0];
    gateway.sandbox.fault({ route: details, path: `/management/v1/sales-units/${msn}`, hang: true });
    const { data, errors } = await gateway.query<Page>(page);
    expect(data?.salesUnits.nodes.filter((node) => node?.merchant)).toHaveLength(49);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      'UPSTREAM_TIMEOUT',
      'UPSTREAM_TIMEOUT',
    ]);
  });

  it('that outlasts the deadline does not keep the others from being answered', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 50 },
      env: { REQUEST_DEADLINE_MS: '2000' },
    });
    const msn = gateway.sandbox.data.msns[0];
    gateway.sandbox.fault({ route: details, path: `/management/v1/sales-units/${msn}`, hang: true });
    const { data, errors } = await gateway.query<Page>(page);
    expect(data?.salesUnits.nodes.filter((node) => node?.merchant)).toHaveLength(49);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      'DEADLINE_EXCEEDED',
      'DEADLINE_EXCEEDED',
    ]);
  });
});

describe('rows that break the contract', () => {
  it.each([
    ['a missing number', { path: ['7', 'msn'], remove: true as const }, 'msn'],
    ['a number that is none', { path: ['7', 'msn'], value: 'abc' }, 'msn'],
    ['null for a row', { path: ['7'], value: null }, 'row'],
  ])('are null with an error at their path: %s', async (_what, step, field) => {
    await using gateway = await startTestGateway({ sandbox: { units: 50 } });
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units', patch: [step] });
    const { data, errors } = await gateway.query<Page & { salesUnits: { totalCount: number } }>(
      '{ salesUnits { totalCount nodes { msn } edges { cursor } } }',
    );
    expect(data?.salesUnits.totalCount).toBe(50);
    expect(data?.salesUnits.nodes.slice(0, 49)).not.toContain(null);
    expect(data?.salesUnits.nodes[49]).toBeNull();
    expect(errors).toMatchObject([
      { path: ['salesUnits', 'nodes', 49], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
    expect(gateway.drift).toEqual([`GET /management/v1/sales-units ${field}`]);
  });

  it('reads integers for merchant serial numbers and new values of enums', async () => {
    await using gateway = await startTestGateway({ sandbox: { policy: { msnAsInteger: true } } });
    gateway.sandbox.fault({
      route: 'GET /management/v2/product-orders',
      patch: [
        { path: ['0', 'status'], value: 'PAUSED' },
        { path: ['0', 'brandNew'], value: 1 },
      ],
    });
    const { data, errors } = await gateway.query(
      '{ salesUnits(first: 1) { nodes { msn } } productOrders(filter: { status: [UNKNOWN] }) { totalCount nodes { status } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      salesUnits: { nodes: [{ msn: expect.stringMatching(/^\d+$/) }] },
      productOrders: { totalCount: 1, nodes: [{ status: 'UNKNOWN' }] },
    });
    expect(gateway.drift).toEqual(['GET /management/v2/product-orders status']);
  });
});
