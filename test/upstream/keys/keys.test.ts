import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import { startTestGateway } from '../../support/gateway.ts';

const page = '{ salesUnits { nodes { configuration { captureType } } } }';

describe('keys and tokens', () => {
  it('fetch one token for all calls', async () => {
    await using gateway = await startTestGateway();
    await gateway.query(page);
    await gateway.query(page);
    expect(gateway.sandbox.stats().tokenCalls).toBe(1);
  });

  it('fetch one new token when all are revoked, and no row is lost', async () => {
    await using gateway = await startTestGateway();
    await gateway.query('{ salesUnits { totalCount } }');
    gateway.sandbox.revokeTokens();
    gateway.sandbox.reset();
    const { errors } = await gateway.query(page);
    expect(errors).toBeUndefined();
    expect(gateway.sandbox.stats().tokenCalls).toBe(1);
  });

  it('survive a token that expires between two calls', async () => {
    await using gateway = await startTestGateway({ sandbox: { tokenLifetimeSeconds: 3_600 } });
    await gateway.query('{ salesUnits { totalCount } }');
    // Only the upstream's clock moves: its 401 is the first that the gateway hears of it.
    gateway.sandbox.clock.advance(3_601_000);
    const { errors } = await gateway.query(page);
    expect(errors).toBeUndefined();
    expect(gateway.sandbox.stats().tokenCalls).toBe(2);
  });

  it('work with management keys, which carry no subscription key', async () => {
    await using gateway = await startTestGateway({
      credentials: ({ callers: { management } }) => ({
        clientId: management.clientId,
        clientSecret: new Secret(management.clientSecret),
        tokenFlow: 'miami',
        subscriptionKey: undefined,
        subscriptionKeySecondary: undefined,
      }),
    });
    const { errors } = await gateway.query(page);
    expect(errors).toBeUndefined();
    expect(gateway.sandbox.stats().calls).toMatchObject({ 'POST /miami/v1/token': 1 });
  });

  it('fall back to the secondary subscription key once and stay with it', async () => {
    await using gateway = await startTestGateway({
      credentials: () => ({ subscriptionKey: new Secret('0'.repeat(32)) }),
    });
    const { errors } = await gateway.query(page);
    expect(errors).toBeUndefined();
    expect(gateway.sandbox.stats().tokenCalls).toBe(2);
    expect(gateway.calls()).toMatchObject({ 'GET /management/v1/sales-units/{msn}': 50 });
  });

  it('are given up after one try each when both subscription keys are wrong', async () => {
    await using gateway = await startTestGateway({
      credentials: () => ({
        subscriptionKey: new Secret('0'.repeat(32)),
        subscriptionKeySecondary: new Secret('1'.repeat(32)),
      }),
    });
    const { errors } = await gateway.query(page);
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_UNAUTHENTICATED');
    expect(gateway.sandbox.stats()).toMatchObject({ tokenCalls: 2 });
    expect(gateway.calls()).toEqual({});
  });

  it('ask the upstream twice at most when its API refuses every token', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units', status: 401 });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_UNAUTHENTICATED');
    expect(gateway.calls()).toEqual({ 'GET /management/v1/sales-units': 2 });
  });
});
