import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';
import { callCount, env, failureOf, POST, prefill } from './ordering.ts';

describe('a failure that rules out an order', () => {
  it.each([
    [
      '429 with a Retry-After beyond the deadline',
      { status: 429, headers: { 'retry-after': '60' } },
      'UPSTREAM_RATE_LIMITED',
      1,
    ],
    ['429 every time', { status: 429 }, 'UPSTREAM_RATE_LIMITED', 3],
    ['401 every time', { status: 401 }, 'UPSTREAM_UNAUTHENTICATED', 2],
    ['403', { status: 403 }, 'FORBIDDEN', 1],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'UPSTREAM_BAD_RESPONSE', 1],
  ] as const)('is reported as a failure and frees the key: %s', async (_what, fault, code, calls) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([[code, 'k']]);
    expect(callCount(gateway)).toBe(calls);
    gateway.sandbox.clearFaults();
    const { data } = await prefill(gateway, { idempotencyKey: 'k', salesUnitName: 'Another' });
    expect(data?.prefillProductOrder).toMatchObject({ replayed: false, userErrors: [] });
  });

  it('is reported when the upstream is not back after a restart', async () => {
    let tried = 0;
    await using gateway = await startTestGateway({
      env,
      wrapHttp: (http) => ({
        ...http,
        exchange: (request, cancellation) => {
          if (request.path.startsWith('/management')) tried++;
          return http.exchange(request, cancellation);
        },
      }),
    });
    await gateway.client.checkKeys();
    await gateway.sandbox.close();
    const startedAt = performance.now();
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([
      ['UPSTREAM_UNAVAILABLE', 'k'],
    ]);
    // It waits for two seconds, and then makes its attempts.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(tried).toBeGreaterThan(3);
    expect(tried).toBeLessThan(30);
  });
});

describe('an order that the upstream rejects', () => {
  it('is reported at its fields, in our words, and is kept for its key', async () => {
    await using gateway = await startTestGateway({ env });
    const extraDetails = [
      { name: 'website.url', reason: 'Secret words of the upstream.' },
      { name: 'CustomErrorCode', reason: '9000' },
    ];
    gateway.sandbox.fault({
      route: POST,
      status: 400,
      times: 1,
      body: { type: 'x', title: 'x', status: 400, detail: 'Secret words', instance: 'x', extraDetails },
    });
    for (const _ of [1, 2]) {
      const { data, errors } = await prefill(gateway, { idempotencyKey: 'k' });
      expect(errors).toBeUndefined();
      expect(data?.prefillProductOrder.userErrors).toEqual([
        {
          code: 'REFUSED',
          field: ['input', 'website', 'url'],
          message: 'was refused by the Management API',
        },
      ]);
    }
    expect(callCount(gateway)).toBe(1);
  });
});
