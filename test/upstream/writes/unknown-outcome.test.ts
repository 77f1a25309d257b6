import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { callCount, env, failureOf, LIST, linkOf, orderCount, POST, prefill } from './ordering.ts';

describe('a key whose outcome is unknown', () => {
  const open = async (gateway: TestGateway, idempotencyKey = 'k') => {
    gateway.sandbox.fault({ route: POST, status: 503, work: true, times: 3 });
    expect(failureOf(await prefill(gateway, { idempotencyKey }))?.[0]?.[0]).toBe('OUTCOME_UNKNOWN');
  };

  it.each([
    ['the upstream refuses the keys', { status: 401 }],
    ['the upstream forbids it', { status: 403 }],
    ['the upstream is rate limiting', { status: 429 }],
    ['the upstream reports a conflict', { status: 409 }],
  ])('stays unknown when %s', async (_what, fault) => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    await open(gateway);
    gateway.sandbox.fault({ route: POST, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    gateway.sandbox.clearFaults();
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(orderCount(gateway) - before).toBe(1);
  });

  it('stays unknown when the queue is full', async () => {
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_CONCURRENCY: '1' },
      maxQueued: 1,
    });
    await open(gateway);
    gateway.sandbox.fault({ route: LIST, delayMs: 300 });
    const busy = [
      gateway.query('{ salesUnits { totalCount } }'),
      gateway.query('{ salesUnit(msn: "99999999") { msn } }'),
    ];
    await expect.poll(() => callCount(gateway, LIST)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    // The outcome of an unused key is certain.
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'new' }))).toEqual([['OVERLOADED', 'new']]);
    await Promise.all(busy);
  });

  it('stays unknown when the operation ends before its turn', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_CONCURRENCY: '1', UPSTREAM_TIMEOUT_MS: '5000', REQUEST_DEADLINE_MS: '300' },
    });
    gateway.sandbox.fault({ route: POST, status: 503, work: true, times: 3 });
    await prefill(gateway, { idempotencyKey: 'k' });
    await gateway.client.settled();
    // Unlike a read, an order keeps its concurrency slot after its operation ends.
    gateway.sandbox.fault({ route: POST, delayMs: 1_000 });
    const busy = prefill(gateway, { idempotencyKey: 'busy' });
    await expect.poll(() => callCount(gateway)).toBe(4);
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(failureOf(await prefill(gateway))?.[0]?.[0]).toBe('DEADLINE_EXCEEDED');
    await busy;
  });

  it('is reported as unknown by a second field of an operation with no time left', async () => {
    await using gateway = await startTestGateway({ env: { ...env, REQUEST_DEADLINE_MS: '200' } });
    gateway.sandbox.fault({ route: POST, delayMs: 350 });
    const field = `prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", value: "123456785"}, productType: LOGIN, idempotencyKey: "k"}) { productOrder { status } }`;
    const { errors } = await gateway.query(`mutation { one: ${field} two: ${field} }`);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN']);
  });
});
