import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/config/scopes.ts';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { blocksIn, howTo, sectionOf, taskQueries, taskQuery } from './how-to.ts';
import { shapes } from './how-to-shapes.ts';

// The sandbox of `npm start`, which the variables of the queries are for.
const sandbox = { units: 200, latencyMs: 0 };
const withoutIntrospection = new Set(scopes.filter((scope) => scope !== 'introspect'));
const caller = { audience: 'browser', scopes: withoutIntrospection } as const;
const total = (gateway: TestGateway) => Object.values(gateway.calls()).reduce((sum, calls) => sum + calls, 0);

async function ask<Data>(gateway: TestGateway, name: string, variables?: object) {
  const query = taskQuery(name);
  const before = total(gateway);
  const answer: Answer<Data> = await gateway.query(query.text, variables ?? query.variables);
  return { ...answer, calls: total(gateway) - before };
}

it('knows the shape of each answer', () => {
  expect(Object.keys(shapes).sort()).toEqual(taskQueries.map(({ name }) => name));
});

describe('without a directory and with nothing cached', () => {
  it.each(taskQueries)('$name makes the calls that it claims', async ({ name, claim, variables }) => {
    await using gateway = await startTestGateway({ sandbox, caller, env: { CACHE: 'on' } });
    // With `query`, these two are for the directory, as their comments say.
    const isForBoth = name === 'all-units' || name === 'merchant-overview';
    const { data, errors, calls } = await ask(gateway, name, {
      ...variables,
      ...(isForBoth && { query: undefined }),
    });
    if (claim.cold === undefined) {
      expect(errors?.map(({ extensions }) => extensions.code)).toContain('DIRECTORY_UNAVAILABLE');
      return;
    }
    expect(errors).toBeUndefined();
    expect(data).toMatchObject(shapes[name] ?? {});
    expect(calls).toBe(claim.cold);
  });
});

/** Starts a gateway whose directory is complete and records changes, with nothing else cached. */
async function startWithDirectory(): Promise<TestGateway> {
  const gateway = await startTestGateway({ sandbox, caller, env: { CACHE: 'on' }, directory: true });
  const observed = async () => JSON.stringify(await gateway.query('{ changes { observedSince } }'));
  while ((await observed()).includes('"observedSince":null')) await sleep(20);
  return gateway;
}

describe('with a complete directory', () => {
  it.each(taskQueries)('$name makes the calls that it claims', async ({ name, claim }) => {
    await using gateway = await startWithDirectory();
    const { data, errors, calls } = await ask(gateway, name);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject(shapes[name] ?? {});
    expect(calls).toBe(claim.withDirectory);
  });

  it('exports every unit once with the loop of the page', async () => {
    await using gateway = await startWithDirectory();
    const query = taskQuery('export-page');
    const [loop = ''] = blocksIn(sectionOf(query), 'js');
    const run = new Function('query', 'ask', 'write', `return (async () => {${loop}})();`);
    const written: { msn: string }[] = [];
    const before = total(gateway);
    await run(
      query.text,
      async (text: string, variables: object) => (await gateway.query(text, variables)).data,
      (row: { msn: string }) => void written.push(row),
    );
    expect(written).toHaveLength(200);
    expect(new Set(written.map(({ msn }) => msn)).size).toBe(200);
    expect(total(gateway) - before).toBe(0);
  });

  it('knows since when an order has waited, and finds those that have waited longer', async () => {
    await using gateway = await startWithDirectory();
    type Waiting = { productOrders: { totalCount: number; nodes: { statusSince: string | null }[] } };
    const waiting = async (variables: object) =>
      (await ask<Waiting>(gateway, 'waiting-orders', variables)).data?.productOrders;
    const all = await waiting({});
    expect(all?.nodes.map(({ statusSince }) => statusSince)).not.toContain(null);
    const shown = /\{ "waitingSinceBefore": "[^"]+" \}/.exec(
      sectionOf(taskQuery('waiting-orders'))?.text ?? '',
    );
    expect(Object.keys(JSON.parse(shown?.[0] ?? '{}'))).toEqual(['waitingSinceBefore']);
    const longAgo = new Date(Date.now() - 86_400_000).toISOString();
    expect((await waiting({ waitingSinceBefore: longAgo }))?.totalCount).toBe(0);
    const now = new Date(Date.now() + 1_000).toISOString();
    expect((await waiting({ waitingSinceBefore: now }))?.totalCount).toBe(all?.totalCount);
  });

  it('returns what has changed since the cursor of the last time', async () => {
    await using gateway = await startWithDirectory();
    type Overnight = {
      changes: { pageInfo: { endCursor: string }; nodes: { kind: string; msn: string; fields: object[] }[] };
    };
    const overnight = (after?: string) => ask<Overnight>(gateway, 'overnight', { after });
    const after = (await overnight()).data?.changes.pageInfo.endCursor;
    const [msn = ''] = gateway.sandbox.data.msns;
    gateway.sandbox.editUnit(msn, { name: 'Renamed overnight' });
    await gateway.query(`{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`);
    await gateway.directory?.flush();
    const { data, calls } = await overnight(after);
    expect(data?.changes.nodes).toMatchObject([
      { kind: 'SALES_UNIT_CHANGED', msn, fields: [{ name: 'name', after: 'Renamed overnight' }] },
    ]);
    expect(calls).toBe(0);
  });
});

describe('an order that is wrong', () => {
  type Prefilled = {
    prefillProductOrder: {
      prefillUrl: string | null;
      productOrder: { productOrderId: string } | null;
      userErrors: object[];
    };
  };
  type Deleted = { deleteProductOrder: { productOrderId: string | null; userErrors: { code: string }[] } };
  const { input } = taskQuery('prefill-order').variables as { input: { website: object } };

  it('is not created, and the page shows its user error', async () => {
    await using gateway = await startTestGateway({ sandbox, caller });
    const section = sectionOf(taskQuery('prefill-order'));
    const [, termsUrl] = /With `"termsUrl": "([^"]+)"`/.exec(section?.text ?? '') ?? [];
    const wrong = { ...input, website: { ...input.website, termsUrl } };
    const { data, calls } = await ask<Prefilled>(gateway, 'prefill-order', { input: wrong });
    expect(data?.prefillProductOrder.prefillUrl).toBeNull();
    expect(data?.prefillProductOrder.userErrors).toEqual(JSON.parse(blocksIn(section, 'json')[1] ?? '[]'));
    expect(calls).toBe(0);
  });

  it('is fixed in the three steps of the page', async () => {
    expect(howTo.sections.map(({ title }) => title)).toContain('Fix an order');
    await using gateway = await startTestGateway({ sandbox, caller });
    const first = await ask<Prefilled>(gateway, 'prefill-order');
    const productOrderId = first.data?.prefillProductOrder.productOrder?.productOrderId;
    const fixed = { ...input, idempotencyKey: 'onboarding-4711-2', salesUnitName: 'Example Gym Oslo' };

    const check = await ask<Prefilled>(gateway, 'prefill-order', { input: { ...fixed, dryRun: true } });
    expect(check.data?.prefillProductOrder).toMatchObject({ prefillUrl: null, userErrors: [] });
    expect(check.calls).toBe(0);
    const deletion = await ask<Deleted>(gateway, 'delete-order', { input: { productOrderId } });
    expect(deletion.data?.deleteProductOrder).toEqual({ productOrderId, userErrors: [] });
    const again = await ask<Deleted>(gateway, 'delete-order', { input: { productOrderId } });
    expect(again.data?.deleteProductOrder.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const second = await ask<Prefilled>(gateway, 'prefill-order', { input: fixed });
    expect(second.data?.prefillProductOrder.userErrors).toEqual([]);
    expect(second.data?.prefillProductOrder.prefillUrl).not.toBe(first.data?.prefillProductOrder.prefillUrl);
  });

  it('cannot be deleted once the merchant has submitted it', async () => {
    await using gateway = await startTestGateway({ sandbox, caller });
    const submitted = gateway.sandbox.data.orders.find(({ status }) => status === 'ORDER_SUBMITTED');
    const { data } = await ask<Deleted>(gateway, 'delete-order', {
      input: { productOrderId: submitted?.id },
    });
    expect(data?.deleteProductOrder.userErrors).toMatchObject([{ code: 'NOT_DELETABLE' }]);
  });
});

describe('what comments and sections say of other cases', () => {
  it('one more call checks a price package, also in a dry run', async () => {
    await using gateway = await startTestGateway({ sandbox, caller });
    const [{ pricePackageId } = { pricePackageId: '' }] = gateway.sandbox.data.pricePackages;
    const { input } = taskQuery('prefill-order').variables as { input: object };
    const dryRun = { ...input, pricePackageId, dryRun: true };
    expect((await ask(gateway, 'prefill-order', { input: dryRun })).calls).toBe(1);
    expect((await ask(gateway, 'prefill-order', { input: { ...input, pricePackageId } })).calls).toBe(2);
  });

  it('an order that is not completed costs one call', async () => {
    await using gateway = await startTestGateway({ sandbox, caller });
    const submitted = gateway.sandbox.data.orders.find(({ status }) => status === 'ORDER_SUBMITTED');
    const { data, calls } = await ask(gateway, 'order-status', { productOrderId: submitted?.id });
    expect(data).toMatchObject({ productOrder: { status: 'ORDER_SUBMITTED', salesUnit: null } });
    expect(calls).toBe(1);
  });

  it('without a directory nobody knows since when an order has waited', async () => {
    await using gateway = await startTestGateway({ sandbox, caller });
    type Waiting = { productOrders: { nodes: { statusSince: string | null }[] } };
    const { data } = await ask<Waiting>(gateway, 'waiting-orders');
    expect(new Set(data?.productOrders.nodes.map(({ statusSince }) => statusSince))).toEqual(new Set([null]));
    const variables = { waitingSinceBefore: '2026-11-18T00:00:00Z' };
    const { errors } = await ask(gateway, 'waiting-orders', variables);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['DIRECTORY_UNAVAILABLE']);
  });
});
