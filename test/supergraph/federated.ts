import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilObserved } from '../cli/serving.ts';
import { follow } from '../support/subscriptions.ts';
import { keyOf, type StartRouter, startWorld, type World } from './world.ts';

const list = 'GET /management/v1/sales-units';
const details = 'GET /management/v1/sales-units/{msn}';
const merchants = 'GET /management/v1/merchants/{scheme}/{id}';

interface Unit {
  readonly msn: string;
  readonly name: string;
  readonly rating: { readonly stars: number } | null;
  readonly configuration: object;
  readonly merchant: { readonly name: string; readonly supportCases: readonly object[] } | null;
}
const FIELDS =
  'msn name rating { stars } configuration { captureType } merchant { name supportCases { subject } }';
const TOP = `{ topRatedStores(first: 100) { ${FIELDS} } }`;
const ALL = `{ salesUnits(first: 100) { nodes { ${FIELDS} } } }`;

/**
 * What every router must do with the subgraph. `keepsIndexes`: its errors say which item of a list of another subgraph they
 * are of.
 */
export function describeRouter(
  name: string,
  startRouter: StartRouter,
  { keepsIndexes = true, carriesSubscriptions = false } = {},
): void {
  /** The path of a unit that another subgraph named. */
  const pathOf = (index: number, ...below: readonly string[]) => [
    'topRatedStores',
    ...(keepsIndexes ? [index] : []),
    ...below,
  ];
  describe(name, () => {
    let world: World;
    beforeAll(async () => {
      world = await startWorld(startRouter);
    }, 600_000);
    afterAll(() => world[Symbol.asyncDispose]());

    const expectWhole = (units: readonly (Unit | null)[] | undefined) => {
      expect(units).toHaveLength(100);
      expect(new Set(units?.map((unit) => unit?.msn))).toEqual(new Set(world.sandbox.data.msns));
      for (const unit of units ?? []) {
        const { msn = '' } = unit ?? {};
        expect(unit).toMatchObject({
          name: world.sandbox.data.nameOf(msn),
          merchant: { name: world.sandbox.data.merchantOf(msn).name, supportCases: expect.any(Array) },
        });
        expect(unit?.rating === null || typeof unit?.rating?.stars === 'number').toBe(true);
      }
    };

    it('joins a hundred units that another subgraph names: a call each, and one for each merchant', async () => {
      world.calls();
      const { data, errors } = await world.ask<{ topRatedStores: Unit[] }>(TOP);
      expect(errors).toBeUndefined();
      expectWhole(data?.topRatedStores);
      expect(world.calls()).toEqual({ [details]: 100, [merchants]: 20 });
    });

    it('joins a page of units with what another subgraph knows: one call more, for the list', async () => {
      world.calls();
      const { data, errors } = await world.ask<{ salesUnits: { nodes: Unit[] } }>(ALL);
      expect(errors).toBeUndefined();
      expectWhole(data?.salesUnits.nodes);
      expect(world.calls()).toEqual({ [list]: 1, [details]: 100, [merchants]: 20 });
    });

    it('loses only the unit that fails, with its code', async () => {
      const { sandbox } = world;
      const { data: before } = await world.ask<{ topRatedStores: Unit[] }>(TOP);
      const msn = before?.topRatedStores[40]?.msn ?? '';
      sandbox.fault({ route: details, path: `/management/v1/sales-units/${msn}`, status: 500 });
      const top = await world.ask<{ topRatedStores: (Unit | null)[] }>(TOP);
      expect(top.data?.topRatedStores.filter((unit) => unit?.name)).toHaveLength(99);
      // Some routers tell it once for the unit, others for each field of it.
      expect(new Set(top.errors?.map(({ extensions }) => extensions?.code))).toEqual(
        new Set(['UPSTREAM_UNAVAILABLE']),
      );
      for (const { path } of top.errors ?? []) expect(pathOf(40)).toEqual(path?.slice(0, pathOf(40).length));
      const page = await world.ask<{ salesUnits: { nodes: Unit[] } }>(ALL);
      const nodes = page.data?.salesUnits.nodes ?? [];
      const index = nodes.findIndex((unit) => unit.msn === msn);
      expect(nodes.filter(({ configuration }) => configuration)).toHaveLength(99);
      expect(nodes[index]).toMatchObject({ msn, configuration: null, merchant: null });
      expect(page.errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual(
        ['configuration', 'merchant'].map((field) => [
          ['salesUnits', 'nodes', index, field],
          'UPSTREAM_UNAVAILABLE',
        ]),
      );
      sandbox.clearFaults();
    });

    it('loses only the merchant that fails, at its path', async () => {
      const { sandbox } = world;
      const { data: before } = await world.ask<{ topRatedStores: Unit[] }>(TOP);
      const unit = before?.topRatedStores[40];
      const { scheme, id } = sandbox.data.merchantOf(unit?.msn ?? '').businessIdentifier;
      sandbox.fault({ route: merchants, path: `/management/v1/merchants/${scheme}/${id}`, status: 500 });
      const { data, errors } = await world.ask<{ topRatedStores: Unit[] }>(TOP);
      sandbox.clearFaults();
      const failed = data?.topRatedStores.flatMap((one, index) => (one.merchant ? [] : [index])) ?? [];
      expect(failed).toHaveLength(5);
      expect(failed).toContain(40);
      expect(data?.topRatedStores.every((one) => one.name && one.configuration)).toBe(true);
      expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual(
        failed.map((index) => [pathOf(index, 'merchant'), 'UPSTREAM_UNAVAILABLE']),
      );
    });

    it('passes on the key of each caller, to nobody else, even of many at once', async () => {
      const asked = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'one' : 'two'));
      const answers = await Promise.all(
        asked.map((tenant) =>
          world.ask<{ viewer: { tenant: string }; salesUnits: { nodes: Unit[] } }>(
            '{ viewer { tenant } salesUnits(first: 5) { nodes { msn rating { stars } } } }',
            { tenant },
          ),
        ),
      );
      expect(answers.map(({ data }) => data?.viewer.tenant)).toEqual(asked);
      const [one, two] = answers.map(({ data }) => data?.salesUnits.nodes.map(({ msn }) => msn));
      for (const [index, { data }] of answers.entries())
        expect(data?.salesUnits.nodes.map(({ msn }) => msn)).toEqual(index % 2 === 0 ? one : two);
      expect(one).not.toEqual(two);
      expect(world.seenByStores.length).toBeGreaterThan(0);
      const seen = JSON.stringify(world.seenByStores);
      expect(seen).not.toContain('mg_key_of');
      expect(seen).not.toContain('secret');
    });

    it('refuses an unknown key with its code', async () => {
      const { data, errors } = await world.ask<object>('{ salesUnits { totalCount } }', {
        tenant: 'unknown',
      });
      expect(data ?? null).toBeNull();
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
    });

    it('passes on the id of the request, and its trace', async () => {
      const requestId = `id-of-${name.replaceAll(/\W/g, '-')}`;
      await world.ask('{ salesUnits { totalCount } }', { headers: { 'x-request-id': requestId } });
      for (let tries = 0; tries < 50; tries++) {
        if (world.management.cli.logs.some((line) => line['requestId'] === requestId)) return;
        await sleep(20);
      }
      expect.fail('the id did not arrive');
    });

    if (carriesSubscriptions)
      it('carries a subscription, with fields of the other subgraph in its events', async () => {
        await using live = await startWorld(startRouter, {
          DIRECTORY: 'on',
          DIRECTORY_CALLS_PER_SECOND: '1000',
          DIRECTORY_LIST_SECONDS: '1',
        });
        await untilObserved(live.ask);
        const follower = await follow(
          live.url,
          {},
          { authorization: `Bearer ${keyOf('one')}` },
          'subscription { changes { caughtUp change { msn salesUnit { name rating { stars } } } } }',
        );
        expect(await follower.next()).toMatchObject({ data: { changes: { caughtUp: true } } });
        const [msn = ''] = live.sandbox.data.msns;
        live.sandbox.editUnit(msn, { name: 'Renamed' });
        expect(await follower.nextChange()).toMatchObject({
          data: { changes: { change: { msn, salesUnit: { name: 'Renamed', rating: {} } } } },
        });
        follower.leave();
      });
  });
}
