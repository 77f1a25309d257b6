import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxKeys } from '../../../src/sandbox/keys/callers.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { askForManagementToken, control, send, signIn, standardHeaders } from '../client.ts';

const LIST = '/management/v1/sales-units';
const invalidKey = { statusCode: 401, message: expect.stringContaining('invalid subscription key') };
let sandbox: Sandbox;

const askForToken = (keys: SandboxKeys = sandbox.keys) =>
  send(sandbox, 'POST', '/accesstoken/get', { headers: standardHeaders(keys) });
const list = (headers: Record<string, string>) => send(sandbox, 'GET', LIST, { headers });
const revoke = (body: object) => control(sandbox, 'POST', 'keys/revoke', body);
const secondary = () => ({ ...sandbox.keys, subscriptionKey: sandbox.keys.subscriptionKeySecondary });

beforeAll(async () => {
  sandbox = await startSandbox({ units: 20, latencyMs: 0 });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('a revoked subscription key', () => {
  it('opens neither tokens nor the API, while the other one does', async () => {
    const headers = await signIn(sandbox);
    expect((await revoke({ caller: 'partner', key: 'subscriptionKey' })).status).toBe(204);
    expect(await askForToken()).toMatchObject({ status: 401, json: invalidKey });
    expect(await list(headers)).toMatchObject({ status: 401, json: invalidKey });
    expect((await askForToken(secondary())).status).toBe(200);
    expect(
      (await list({ ...headers, 'Ocp-Apim-Subscription-Key': secondary().subscriptionKey })).status,
    ).toBe(200);
  });

  it('is good again when it is restored', async () => {
    await revoke({ caller: 'partner' });
    expect((await askForToken(secondary())).status).toBe(401);
    await control(sandbox, 'POST', 'keys/restore', { caller: 'partner', key: 'subscriptionKeySecondary' });
    expect((await askForToken(secondary())).status).toBe(401);
    await control(sandbox, 'POST', 'keys/restore', { caller: 'partner', key: 'client' });
    expect((await askForToken(secondary())).status).toBe(200);
    expect((await askForToken()).status).toBe(401);
    await control(sandbox, 'POST', 'keys/restore');
    expect((await askForToken()).status).toBe(200);
  });
});

describe('a revoked client', () => {
  it('gets no token, and keeps those it has', async () => {
    const headers = await signIn(sandbox);
    sandbox.revokeKeys('partner', 'client');
    expect(await askForToken()).toMatchObject({ status: 401, json: { responseInfo: { responseCode: 401 } } });
    expect((await list(headers)).status).toBe(200);
    expect((await askForToken(sandbox.callers.otherPartner)).status).toBe(200);
  });

  it('gets no management token either, and its partner still gets the other kind', async () => {
    await revoke({ caller: 'management' });
    expect(await askForManagementToken(sandbox)).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    });
    expect((await askForToken()).status).toBe(200);
  });

  it('is good again after a reset', async () => {
    await revoke({ caller: 'partner' });
    await control(sandbox, 'POST', 'reset');
    expect((await askForToken()).status).toBe(200);
  });
});

it('lists every caller with the keys, and what is revoked', async () => {
  await revoke({ caller: 'otherPartner' });
  await revoke({ caller: 'merchant', key: 'subscriptionKeySecondary' });
  const { json } = await control(sandbox, 'GET', 'keys');
  const { partner, management, otherPartner, merchant, otherMerchant } = sandbox.callers;
  const all = ['client', 'subscriptionKey', 'subscriptionKeySecondary'];
  expect(json).toEqual([
    { caller: 'partner', flow: 'accesstoken', ...partner, revoked: [] },
    { caller: 'management', flow: 'miami', ...management, revoked: [] },
    { caller: 'otherPartner', flow: 'accesstoken', ...otherPartner, revoked: all },
    { caller: 'merchant', flow: 'accesstoken', ...merchant, revoked: ['subscriptionKeySecondary'] },
    { caller: 'otherMerchant', flow: 'accesstoken', ...otherMerchant, revoked: [] },
  ]);
});

it('keeps the keys that earlier versions had for the same seed', async () => {
  expect(sandbox.keys.clientId).toBe('c1bc1986-0a1d-4ac2-83d1-ea8a664e0317');
  expect(sandbox.callers.merchant.subscriptionKeySecondary).toBe('f52c6c465aa2a94a737ba501be3ab2b2');
});

it('shows the other merchant its own sales units, of which the first merchant and the main partner see none', async () => {
  const msnsOf = async (keys: SandboxKeys) =>
    (await list(await signIn(sandbox, keys))).json.map(({ msn }: { msn: string }) => msn);
  const others: string[] = await msnsOf(sandbox.callers.otherMerchant);
  expect(others).toHaveLength(3);
  const { partner, merchant, otherPartner } = sandbox.callers;
  const elsewhere = [...(await msnsOf(partner)), ...(await msnsOf(merchant))];
  expect(others.filter((msn) => elsewhere.includes(msn))).toEqual([]);
  expect(await msnsOf(otherPartner)).toEqual(expect.arrayContaining(others));
});

it('revokes the tokens of one caller', async () => {
  const [headers, others] = [await signIn(sandbox), await signIn(sandbox, sandbox.callers.otherPartner)];
  expect((await control(sandbox, 'POST', 'tokens/revoke', { caller: 'partner' })).status).toBe(204);
  expect([(await list(headers)).status, (await list(others)).status]).toEqual([401, 200]);
});

it.each([
  ['keys/revoke', {}, '"caller" is required'],
  ['keys/revoke', [], 'The body must be a JSON object.'],
  ['keys/revoke', { caller: 'nobody' }, '"caller" must be one of: partner, management, otherPartner'],
  ['keys/revoke', { caller: 'partner', key: 'password' }, '"key" must be one of: client, subscriptionKey'],
  ['keys/revoke', { caller: 'management', key: 'subscriptionKey' }, 'has no "subscriptionKey"'],
  [
    'keys/revoke',
    { caller: 'partner', keys: 'client' },
    'The body has an unknown property "keys". Known properties: caller, key.',
  ],
  ['keys/restore', { key: 'client' }, '"key" requires "caller".'],
  ['tokens/revoke', { caller: 'nobody' }, '"caller" must be one of'],
])('refuses %s with %j', async (route, body, message) => {
  const { status, json } = await control(sandbox, 'POST', route, body);
  expect([status, json.message]).toEqual([400, expect.stringContaining(message)]);
});
