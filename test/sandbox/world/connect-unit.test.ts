import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send, signIn } from '../client.ts';

const UNITS = '/management/v1/sales-units';

describe('a unit that moves to another partner', () => {
  it('keeps its number and its merchant, and only the new partner sees it', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const [partner, other] = [await signIn(sandbox), await signIn(sandbox, sandbox.callers.otherPartner)];
    const msn = sandbox.data.msns[0] ?? '';
    const see = async () =>
      Promise.all(
        [partner, other].map(async (headers) => {
          const { json } = await send(sandbox, 'GET', UNITS, { headers });
          const { status, json: unit } = await send(sandbox, 'GET', `${UNITS}/${msn}`, { headers });
          const isListed = json.some((one: { msn: string }) => one.msn === msn);
          return [status, isListed, status === 200 ? unit.businessIdentifier.id : undefined];
        }),
      );
    const before = await see();
    const id = before[0]?.[2];
    expect(before).toEqual([
      [200, true, id],
      [404, false, undefined],
    ]);
    expect(
      (await control(sandbox, 'POST', `sales-units/${msn}/connect`, { partner: 'other-partner' })).status,
    ).toBe(204);
    expect(await see()).toEqual([
      [404, false, undefined],
      [200, true, id],
    ]);
    sandbox.connectUnit(msn, undefined);
    expect(await see()).toEqual([
      [404, false, undefined],
      [404, false, undefined],
    ]);
    sandbox.connectUnit(msn, 'sandbox-partner');
    expect(await see()).toEqual(before);
    sandbox.connectUnit(msn, 'other-partner');
    sandbox.resetState();
    expect(await see()).toEqual(before);
  });

  it.each([
    [{ partner: 'nobody' }, 400],
    [{}, 400],
    ['x', 400],
  ])('is refused for %j', async (body, status) => {
    await using sandbox = await startSandbox({ units: 2, latencyMs: 0 });
    expect((await control(sandbox, 'POST', `sales-units/${sandbox.data.msns[0]}/connect`, body)).status).toBe(
      status,
    );
    const unknown = await control(sandbox, 'POST', 'sales-units/99999999/connect', { partner: null });
    expect(unknown.status).toBe(404);
  });
});
