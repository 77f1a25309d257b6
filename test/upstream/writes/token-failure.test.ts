import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';
import {
  callCount,
  DELETE,
  env,
  failureOf,
  linkOf,
  orderCount,
  POST,
  prefill,
  remove,
  TOKEN,
} from './ordering.ts';

const lost = { route: POST, reset: 'beforeHeaders', times: 1 } as const;

describe.concurrent('a failed token request', () => {
  it.each([
    ['400', { status: 400 }, 'UPSTREAM_UNAUTHENTICATED'],
    ['401', { status: 401 }, 'UPSTREAM_UNAUTHENTICATED'],
    ['503', { status: 503 }, 'UPSTREAM_UNAVAILABLE'],
    ['HTML', { contentType: 'text/html' }, 'UPSTREAM_BAD_RESPONSE'],
  ])('fails before anything is sent and frees the key (%s)', async (_what, fault, code) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: TOKEN, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([[code, 'k']]);
    expect(failureOf(await remove(gateway, crypto.randomUUID()))).toEqual([[code, undefined]]);
    expect([callCount(gateway), callCount(gateway, DELETE)]).toEqual([0, 0]);
    gateway.sandbox.clearFaults();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { data } = await prefill(gateway, { idempotencyKey: 'k', salesUnitName: 'Another' });
    expect(data?.prefillProductOrder).toMatchObject({ replayed: false, userErrors: [] });
  });

  it.each([400, 401, 503])('leaves the outcome unknown after the order was sent (%i)', async (status) => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    gateway.sandbox.fault(lost);
    gateway.sandbox.fault({ route: POST, status: 401, times: 1 });
    // The first token request succeeds, and the one after the 401 fails.
    await gateway.client.checkKeys();
    gateway.sandbox.fault({ route: TOKEN, status });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    gateway.sandbox.clearFaults();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(orderCount(gateway) - before).toBe(1);
  });
});
