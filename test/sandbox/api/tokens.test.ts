import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../src/sandbox/data/seeded-random.ts';
import { createCallers } from '../../../src/sandbox/keys/create-callers.ts';
import { createTokenStore } from '../../../src/sandbox/keys/tokens.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createClock } from '../../../src/sandbox/world/clock.ts';
import { askForManagementToken, basic, send, signIn, standardHeaders } from '../client.ts';

const LIST = '/management/v1/sales-units';
const somethingWentWrong = 'Something went wrong, please try again later.';

describe('the standard token', () => {
  it('has more than 1000 characters, and numbers that are written as strings', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const { status, contentType, json } = await send(sandbox, 'POST', '/accesstoken/get', {
      headers: standardHeaders(sandbox.keys),
    });
    expect([status, contentType]).toEqual([200, 'application/json;charset=UTF-8']);
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: '86400', ext_expires_in: '86400' });
    expect(Number(json.expires_on) - Number(json.not_before)).toBe(86_400);
    expect(json.access_token.length).toBeGreaterThan(1000);
    expect(json.access_token.split('.')).toHaveLength(3);
  });

  it('is issued for either subscription key, with either spelling of the path', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = standardHeaders({
      ...sandbox.keys,
      subscriptionKey: sandbox.keys.subscriptionKeySecondary,
    });
    expect((await send(sandbox, 'POST', '/accesstoken/get', { headers })).status).toBe(200);
    expect((await send(sandbox, 'POST', '/accessToken/get', { headers })).status).toBe(200);
  });

  it('leaves earlier tokens valid until they are revoked', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const first = await signIn(sandbox);
    const second = await signIn(sandbox);
    expect(first.Authorization).not.toBe(second.Authorization);
    for (const headers of [first, second])
      expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(200);
    sandbox.revokeTokens();
    for (const headers of [first, second])
      expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
  });

  it.each([
    [
      'a wrong secret',
      { client_secret: 'wrong' },
      401,
      { responseInfo: { responseCode: 401, responseMessage: somethingWentWrong } },
    ],
    [
      'an unknown client',
      { client_id: 'f0f0f0f0-0000-4000-8000-000000000000' },
      401,
      { responseInfo: { responseCode: 401 } },
    ],
    [
      'a wrong subscription key',
      { 'Ocp-Apim-Subscription-Key': 'wrong' },
      401,
      { statusCode: 401, message: expect.stringContaining('invalid subscription key') },
    ],
    [
      'an MSN that is none',
      { 'Merchant-Serial-Number': '12' },
      400,
      { statusCode: 400, message: expect.stringContaining('Merchant-Serial-Number') },
    ],
  ])('is refused for %s', async (_, wrong, status, body) => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = { ...standardHeaders(sandbox.keys), ...wrong };
    const reply = await send(sandbox, 'POST', '/accesstoken/get', { headers });
    expect([reply.status, reply.contentType]).toEqual([status, 'application/json']);
    expect(reply.json).toMatchObject(body);
  });

  it('is refused without a key, for another caller’s subscription key, and for management keys', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const { keys, callers } = sandbox;
    const { 'Ocp-Apim-Subscription-Key': _, ...withoutKey } = standardHeaders(keys);
    const missing = await send(sandbox, 'POST', '/accesstoken/get', { headers: withoutKey });
    expect(missing.json).toEqual({
      statusCode: 401,
      message:
        'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
    });
    for (const mixed of [
      { ...keys, subscriptionKey: callers.merchant.subscriptionKey },
      { ...keys, ...callers.management },
    ]) {
      expect(
        (await send(sandbox, 'POST', '/accesstoken/get', { headers: standardHeaders(mixed) })).status,
      ).toBe(401);
    }
  });

  it('expires after 24 hours of the sandbox’s clock', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = await signIn(sandbox);
    sandbox.clock.advance(86_300_000);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(200);
    sandbox.clock.advance(100_000);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
  });

  it('lives as long as the option says', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 60 });
    const headers = await signIn(sandbox);
    sandbox.clock.advance(61_000);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
  });
});

describe('the management token', () => {
  it('lives 15 minutes and opens the API without a subscription key', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const { json } = await askForManagementToken(sandbox);
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    const headers = { Authorization: `Bearer ${json.access_token}` };
    expect((await send(sandbox, 'GET', LIST, { headers })).json).toHaveLength(200);
    const withKey = { ...headers, 'Ocp-Apim-Subscription-Key': sandbox.keys.subscriptionKey };
    expect((await send(sandbox, 'GET', LIST, { headers: withKey })).status).toBe(401);
    sandbox.clock.advance(900_000);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
  });

  it('is refused without Basic authentication, which the refusal names', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const { clientId, clientSecret } = sandbox.callers.management;
    const body = { error: 'invalid_client', error_description: expect.stringContaining('Basic') };
    for (const Authorization of ['', 'Basic', `Bearer ${clientSecret}`, 'Basic bm9jb2xvbg==']) {
      const init = { Authorization, client_id: clientId, client_secret: clientSecret };
      expect(await askForManagementToken(sandbox, init)).toMatchObject({ status: 401, json: body });
    }
    const wrong = { Authorization: basic({ clientId, clientSecret: 'wrong' }) };
    const { json } = await askForManagementToken(sandbox, wrong);
    expect(json.error_description).toBe('Client id or client secret is wrong.');
  });

  it('is refused as OAuth does it', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const refusals: [Parameters<typeof askForManagementToken>[1], number, string][] = [
      [{ form: '' }, 400, 'invalid_client'],
      [{ 'Ocp-Apim-Subscription-Key': sandbox.keys.subscriptionKey }, 400, 'invalid_client'],
      [{ form: 'grant_type=password' }, 400, 'unsupported_grant_type'],
      [
        { Authorization: basic({ ...sandbox.callers.management, clientSecret: 'wrong' }) },
        401,
        'invalid_client',
      ],
      [{ Authorization: basic(sandbox.keys) }, 401, 'invalid_client'],
    ];
    for (const [init, status, error] of refusals) {
      const reply = await askForManagementToken(sandbox, init);
      expect([reply.status, reply.contentType, reply.json.error]).toEqual([
        status,
        'application/json',
        error,
      ]);
    }
  });
});

describe('a full store of tokens', () => {
  const { tenants } = createCallers(createSeededRandom(1), () => 1);
  const [partner, management] = ['partner', 'management'].map((name) =>
    tenants.find((tenant) => tenant.name === name),
  );
  if (!partner || !management) throw new Error('There are no such callers.');

  it('forgets expired tokens first, then the oldest', () => {
    const clock = createClock();
    const store = createTokenStore(clock, undefined, 4);
    const issue = (tenant = partner) => `Bearer ${store.issue(tenant).accessToken}`;
    const first = issue();
    const short = [issue(management), issue(management)];
    clock.advance(15 * 60_000);
    const later = [issue(), issue(), issue()];
    expect([first, ...later].map(store.find)).toEqual([partner, partner, partner, partner]);
    const last = issue();
    expect([first, ...short].map(store.find)).toEqual([undefined, undefined, undefined]);
    expect([...later, last].map(store.find)).toEqual([partner, partner, partner, partner]);
  });

  it('issues any number of tokens in little time', () => {
    const store = createTokenStore(createClock(), undefined, 5_000);
    const startedAt = performance.now();
    for (let issued = 0; issued < 20_000; issued++) store.issue(partner);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(store.count()).toBeGreaterThan(4_900);
    expect(store.count()).toBeLessThanOrEqual(5_000);
  });
});
