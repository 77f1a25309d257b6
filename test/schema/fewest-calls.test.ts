import { describe, expect, it } from 'vitest';
import { startTestGateway, total } from '../support/gateway.ts';

const units = { units: 1000, latencyMs: 0 };
const list = 'GET /management/v1/sales-units';
const details = 'GET /management/v1/sales-units/{msn}';
const merchants = 'GET /management/v1/merchants/{scheme}/{id}';

describe('a page of a thousand units', () => {
  it('costs one call when it asks for what the list tells', async () => {
    await using gateway = await startTestGateway({ sandbox: units });
    const { data, errors } = await gateway.query('{ salesUnits(first: 1000) { nodes { msn name } totalCount } }');
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ salesUnits: { totalCount: 1000 } });
    expect(gateway.calls()).toEqual({ [list]: 1 });
  });

  it('costs one call per unit and one per distinct merchant when it asks for both', async () => {
    await using gateway = await startTestGateway({ sandbox: units });
    const { errors } = await gateway.query(
      '{ salesUnits(first: 1000) { nodes { msn name configuration { captureType } merchant { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(gateway.calls()).toEqual({ [list]: 1, [details]: 1000, [merchants]: 200 });
    expect(gateway.sandbox.stats().peak).toBeLessThanOrEqual(64);
  });
});
