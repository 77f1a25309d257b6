import { describe, expect, it } from 'vitest';
import { createCallStatistics } from '../../src/upstream/call-statistics.ts';
import { startTestGateway } from '../support/gateway.ts';

const QUERY = `query ($window: UpstreamWindow!) { viewer { upstream(window: $window) {
  endpoint totalRequests successRate status200 status400 status401 status403 status404 status429 status500 noResponse
} } }`;
interface Data {
  viewer: { upstream: Record<string, unknown>[] };
}

describe('viewer.upstream', () => {
  it('says how the Management API answered, without a call', async () => {
    await using gateway = await startTestGateway();
    const route = 'GET /management/v1/sales-units/{msn}';
    const [msn] = gateway.sandbox.data.msns;
    const ask = () => gateway.query(`{ salesUnit(msn: "${msn}") { name } }`);
    await ask();
    await gateway.query('{ salesUnit(msn: "99999999") { name } }');
    for (const status of [403, 400]) {
      gateway.sandbox.fault({ route, status, times: 1 });
      await ask();
    }
    gateway.sandbox.fault({ route, status: 503, times: 1 });
    await ask();
    gateway.sandbox.fault({ route, reset: 'beforeHeaders', times: 1 });
    await ask();
    const before = gateway.calls();
    for (const window of ['HOUR', 'DAY']) {
      const { data, errors } = await gateway.query<Data>(QUERY, { window });
      expect(errors).toBeUndefined();
      expect(data?.viewer.upstream).toEqual([
        {
          endpoint: route,
          totalRequests: 8,
          successRate: (100 * 3) / 8,
          status200: 3,
          status400: 1,
          status401: 0,
          status403: 1,
          status404: 1,
          status429: 0,
          status500: 1,
          noResponse: 1,
        },
        expect.objectContaining({ endpoint: 'POST /accesstoken/get', totalRequests: 1, successRate: 100 }),
      ]);
    }
    expect(gateway.calls()).toEqual(before);
  });

  it('needs the scope read', async () => {
    await using gateway = await startTestGateway({ caller: { scopes: new Set() } });
    const { errors } = await gateway.query(QUERY, { window: 'HOUR' });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('the statistics of a day', () => {
  it('forget what is older, in slots of five minutes', () => {
    let now = 0;
    const statistics = createCallStatistics(() => now);
    const counts = (minutes: number) => statistics.last(minutes).map(({ calls }) => calls);
    statistics.note('a', 200);
    now = 50 * 60_000;
    statistics.note('a', undefined);
    expect([counts(60), counts(30), counts(1_440)]).toEqual([[2], [1], [2]]);
    now = 70 * 60_000;
    expect([counts(60), counts(1_440)]).toEqual([[1], [2]]);
    now = 1_485 * 60_000;
    expect([counts(60), counts(1_440)]).toEqual([[], [1]]);
    for (let day = 0; day < 5; day++)
      for (let slot = 0; slot < 288; slot++) {
        now += 5 * 60_000;
        statistics.note('a', 200);
      }
    expect(counts(1_440)).toEqual([289]);
  });
});
