import { expect, it } from 'vitest';
import type { Policy } from '../../../src/sandbox/policy/policy.ts';
import { defaultPolicy, PolicyError, policyNames } from '../../../src/sandbox/policy/policy.ts';
import { SandboxError } from '../../../src/sandbox/sandbox-error.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send, signIn } from '../client.ts';
import { order, smallest } from '../ordering.ts';

const UNITS = '/management/v1/sales-units';

it('lists every policy with value, default, choices and why', async () => {
  await using sandbox = await startSandbox({ latencyMs: 0, policy: { listOrder: 'shuffled' } });
  const { status, json } = await control(sandbox, 'GET', 'policy');
  expect(status).toBe(200);
  expect(json.map(({ name }: { name: string }) => name)).toEqual(policyNames);
  expect(json).toContainEqual({
    name: 'listOrder',
    value: 'shuffled',
    default: 'stable',
    choices: ['stable', 'shuffled'],
    description: expect.stringContaining('None is promised;'),
  });
  expect(json).toContainEqual(
    expect.objectContaining({ name: 'rateLimitPerMinute', choices: { minimum: 0, maximum: 1_000_000 } }),
  );
  for (const { name, value, default: initial, description } of json) {
    const set = { listOrder: 'shuffled', latencyMs: 0 }[name as string];
    expect([name, value]).toEqual([name, set ?? initial]);
    expect(description).toMatch(/default/);
  }
});

it('changes a policy from the next call on, a list that is written already too', async () => {
  await using sandbox = await startSandbox({ latencyMs: 0 });
  const headers = await signIn(sandbox);
  const first = async () => typeof (await send(sandbox, 'GET', UNITS, { headers })).json[0].msn;
  expect(await first()).toBe('string');
  const { status, json } = await control(sandbox, 'PATCH', 'policy', { msnAsInteger: true, latencyMs: 1 });
  expect(status).toBe(200);
  expect(json).toContainEqual(expect.objectContaining({ name: 'msnAsInteger', value: true }));
  expect(await first()).toBe('number');
  expect(sandbox.policy).toMatchObject({ msnAsInteger: true, latencyMs: 1 });
  await control(sandbox, 'POST', 'state/reset');
  await control(sandbox, 'POST', 'reset');
  expect(await first()).toBe('number');
});

it.each<[unknown, string[]]>([
  [{ nothing: 1 }, ['There is no policy "nothing".', 'listOrder']],
  [{ listOrder: 'sorted' }, ['"listOrder" must be a string, one of stable, shuffled, or null']],
  [{ msnAsInteger: 'True' }, ['"msnAsInteger" must be a boolean, one of false, true, or null']],
  [{ msnAsInteger: 1 }, ['"msnAsInteger" must be a boolean, one of false, true, or null']],
  [
    { badBusinessIdentifierStatus: 401 },
    ['"badBusinessIdentifierStatus" must be a number, one of 404, 400,'],
  ],
  [{ merchantPricePackages: 402 }, ['must be a number or string, one of 403, 401, 404, emptyList, or null']],
  [{ rateLimitPerMinute: '1e3' }, ['"rateLimitPerMinute" must be a whole number from 0 to 1000000, or null']],
  [{ rateLimitPerMinute: '' }, ['"rateLimitPerMinute" must be a whole number']],
  [{ rateLimitPerMinute: true }, ['"rateLimitPerMinute" must be a whole number']],
  [
    { rateLimitPerMinute: 1.5 },
    ['"rateLimitPerMinute" must be a whole number from 0 to 1000000, or null for its value at the start.'],
  ],
  [{ latencyMs: -1, listOrder: 1 }, ['"latencyMs" must be', '"listOrder" must be']],
  [{ toString: 1 }, ['There is no policy "toString".']],
  [[], ['The policies must be a JSON object']],
  [null, ['The policies must be a JSON object']],
])('refuses %j, and says what is allowed', async (changes, texts) => {
  await using sandbox = await startSandbox({ latencyMs: 0 });
  const mixed = typeof changes === 'object' && changes && !Array.isArray(changes);
  const body = mixed ? { traceId: 1, problemTraceId: false, ...changes } : changes;
  const { status, json } = await control(sandbox, 'PATCH', 'policy', body);
  expect(status).toBe(400);
  for (const text of texts) expect(json.message).toContain(text);
  // All or nothing.
  expect(sandbox.policy).toEqual({ ...defaultPolicy, latencyMs: 0 });
});

it('takes a number or boolean as the text that spells it, as a command line does', async () => {
  await using sandbox = await startSandbox({ latencyMs: 0 });
  const changes = { msnAsInteger: 'true', rateLimitPerMinute: '60', badBusinessIdentifierStatus: '400' };
  // The document says this in words only, so that clients made from it have the types.
  const body = JSON.stringify(changes);
  expect((await send(sandbox, 'PATCH', '/_sandbox/policy', { body })).status).toBe(200);
  const asWanted = { msnAsInteger: true, rateLimitPerMinute: 60, badBusinessIdentifierStatus: 400 };
  expect(sandbox.policy).toEqual({ ...defaultPolicy, ...asWanted, latencyMs: 0 });
});

it('takes null for what a policy was at the start', async () => {
  await using sandbox = await startSandbox({ latencyMs: 0, policy: { listOrder: 'shuffled' } });
  sandbox.setPolicy({ listOrder: 'stable', msnAsInteger: true, rateLimitPerMinute: 5 });
  const changes = { listOrder: null, msnAsInteger: null };
  expect((await control(sandbox, 'PATCH', 'policy', changes)).status).toBe(200);
  expect(sandbox.policy).toMatchObject({
    listOrder: 'shuffled',
    msnAsInteger: false,
    rateLimitPerMinute: 5,
    latencyMs: 0,
  });
});

it('refuses to start with a policy that is none', async () => {
  const policy = { listOrder: 'sorted' } as unknown as Partial<Policy>;
  await expect(startSandbox({ policy })).rejects.toThrow(PolicyError);
});

it('is steered from within the process as it is over HTTP', async () => {
  await using sandbox = await startSandbox({ latencyMs: 0 });
  const headers = await signIn(sandbox);
  const status = async (path: string) => (await send(sandbox, 'GET', path, { headers })).status;
  const id = (await order(sandbox, headers, { ...smallest, salesUnitName: 'Ny' })).json.prefilledOrderId;
  expect(sandbox.moveOrder(id, 'MERCHANT_VIEWED')).toEqual({ productOrderId: id, status: 'MERCHANT_VIEWED' });
  const { salesUnit } = sandbox.moveOrder(id, 'COMPLETED');
  expect(salesUnit).toEqual({ msn: expect.any(String), name: 'Ny' });
  expect(await status(`${UNITS}/${salesUnit?.msn}`)).toBe(200);
  sandbox.deactivateUnit(salesUnit?.msn ?? '');
  expect(await status(`${UNITS}/${salesUnit?.msn}`)).toBe(404);
  const { scheme, id: business } = sandbox.data.merchants[3] ?? { scheme: '', id: '' };
  sandbox.deactivateMerchant(scheme, business);
  expect(await status(`/management/v1/merchants/${scheme}/${business}`)).toBe(404);
  sandbox.resetState();
  expect(await status(`/management/v1/merchants/${scheme}/${business}`)).toBe(200);
  expect(() => sandbox.moveOrder(id, 'COMPLETED')).toThrow(SandboxError);
  expect(() => sandbox.setPolicy({ listOrder: 'sorted' } as unknown as Partial<Policy>)).toThrow(PolicyError);
});

it('tells when to come back in a problem too', async () => {
  const policy = { rateLimitPerMinute: 1, refusalForm: 'problem' } as const;
  await using sandbox = await startSandbox({ latencyMs: 0, policy });
  const headers = await signIn(sandbox);
  await send(sandbox, 'GET', UNITS, { headers });
  const answer = await fetch(`${sandbox.url}${UNITS}`, { headers });
  expect(answer.headers.get('retry-after')).toMatch(/^(59|60)$/);
  expect(await answer.json()).toMatchObject({ status: 429, title: 'Too Many Requests' });
});

it('begins every minute anew when the state is reset', async () => {
  await using sandbox = await startSandbox({ latencyMs: 0, policy: { rateLimitPerMinute: 1 } });
  const headers = await signIn(sandbox);
  const status = async () => (await send(sandbox, 'GET', UNITS, { headers })).status;
  expect([await status(), await status()]).toEqual([200, 429]);
  sandbox.resetState();
  expect(await status()).toBe(200);
});
