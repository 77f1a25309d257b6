import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control } from '../client.ts';

describe('an edit', () => {
  it('of a unit is in the list and in its details, and null takes a setting away', async () => {
    await using sandbox = await startSandbox({ units: 3, latencyMs: 0 });
    const [msn = ''] = sandbox.data.msns;
    const path = `sales-units/${msn}`;
    const edit = (body: object) => control(sandbox, 'POST', path, body);
    expect((await edit({ name: 'Kafé', configuration: { recurringAllowed: true } })).status).toBe(204);
    expect((await edit({ configuration: { captureType: 'DirectCapture' } })).status).toBe(204);
    expect(sandbox.data.nameOf(msn)).toBe('Kafé');
    expect((await edit({ configuration: { recurringAllowed: null } })).status).toBe(204);
    expect(sandbox.data.nameOf(msn)).toBe('Kafé');
    sandbox.resetState();
    expect(sandbox.data.nameOf(msn)).not.toBe('Kafé');
  });

  it('of a merchant changes when it was updated', async () => {
    await using sandbox = await startSandbox({ units: 3, latencyMs: 0 });
    const [msn = ''] = sandbox.data.msns;
    const { businessIdentifier, updatedAt } = sandbox.data.merchantOf(msn);
    const path = `merchants/${businessIdentifier.scheme}/${businessIdentifier.id}`;
    const address = { lines: ['Storgata 1'], postCode: '0155', city: 'Oslo', countryCode: 'NO' };
    const { status } = await control(sandbox, 'POST', path, {
      name: 'Ny AS',
      businessAddress: address,
      businessPostAddress: null,
    });
    expect(status).toBe(204);
    const after = sandbox.data.merchantOf(msn);
    expect(after).toMatchObject({ name: 'Ny AS', businessAddress: address, businessPostAddress: null });
    expect(after.updatedAt > updatedAt).toBe(true);
  });

  it('adds and removes price packages', async () => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const before = sandbox.data.pricePackages.length;
    const { status, json } = await control(sandbox, 'POST', 'price-packages', { name: 'Summer' });
    expect(status).toBe(200);
    const { pricePackageId } = json as { pricePackageId: string };
    expect(sandbox.data.pricePackages.at(-1)).toMatchObject({ pricePackageId, name: 'Summer' });
    const remove = () => control(sandbox, 'DELETE', `price-packages/${pricePackageId}`);
    expect((await remove()).status).toBe(204);
    expect(sandbox.data.pricePackages).toHaveLength(before);
    expect((await remove()).status).toBe(404);
  });

  it.each([
    [{ name: '' }, /"name" must be/],
    [{ name: 7 }, /"name" must be/],
    [{ nam: 'x' }, /nam/],
    [{ configuration: { captureType: 'Later' } }, /"captureType" must be ReserveCapture/],
    [{ configuration: { recurringAllowed: 'yes' } }, /"recurringAllowed" must be true, false or null/],
    [{ configuration: { flag: true } }, /flag/],
    [[], /must be a JSON object/],
  ])('that is wrong is refused: %j', async (body, message) => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const { status, json } = await control(sandbox, 'POST', `sales-units/${sandbox.data.msns[0]}`, body);
    expect(status).toBe(400);
    expect(String((json as { message: string }).message)).toMatch(message);
  });

  it.each([
    [{ businessAddress: { lines: 'Storgata 1' } }, /"lines" must be/],
    [{ businessAddress: { city: 7 } }, /"city" must be a text or null/],
    [{ businessAddress: { street: 'x' } }, /street/],
  ])('of a merchant that is wrong is refused: %j', async (body, message) => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const { businessIdentifier } = sandbox.data.merchantOf(sandbox.data.msns[0] ?? '');
    const path = `merchants/${businessIdentifier.scheme}/${businessIdentifier.id}`;
    const { status, json } = await control(sandbox, 'POST', path, body);
    expect(status).toBe(400);
    expect(String((json as { message: string }).message)).toMatch(message);
  });

  it('of what does not exist is 404', async () => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    expect((await control(sandbox, 'POST', 'sales-units/999999', { name: 'x' })).status).toBe(404);
    expect((await control(sandbox, 'POST', 'merchants/business:NO:ORG/1', { name: 'x' })).status).toBe(404);
  });
});
