import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';
import { callCount, failureOf, LIST, linkOf, orderCount, POST, prefill, TOKEN } from './ordering.ts';

describe('a waiting order', () => {
  it('takes no concurrency slot while it waits to be sent again', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_TIMEOUT_MS: '5000', UPSTREAM_CONCURRENCY: '2' },
    });
    gateway.sandbox.fault({ route: POST, status: 503, retryAfter: 2, times: 2 });
    const orders = [prefill(gateway), prefill(gateway)];
    await expect.poll(() => callCount(gateway)).toBe(2);
    const startedAt = performance.now();
    await gateway.query('{ salesUnits { totalCount } }');
    const readMs = performance.now() - startedAt;
    for (const answer of await Promise.all(orders)) expect(linkOf(answer)).toBeTruthy();
    expect(readMs * 2).toBeLessThan(performance.now() - startedAt);
  });

  it('in the socket queue never arrives once it was reported as not sent', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_TIMEOUT_MS: '250', UPSTREAM_CONCURRENCY: '2' },
      wrapHttp: (http) => ({ ...http }),
    });
    // Token calls share the two sockets; both are busy for longer than the timeout.
    await gateway.client.checkKeys();
    gateway.sandbox.fault({ route: LIST, hang: true });
    gateway.sandbox.fault({ route: TOKEN, hang: true });
    const before = orderCount(gateway);
    const reads = [1, 2].map(() => gateway.query('{ salesUnits { totalCount } }'));
    const answer = await prefill(gateway, { idempotencyKey: 'k' });
    await Promise.all(reads);
    await gateway.client.settled();
    const made = orderCount(gateway) - before;
    expect(answer.errors ? made === 0 || failureOf(answer)?.[0]?.[0] === 'OUTCOME_UNKNOWN' : made === 1).toBe(
      true,
    );
  });
});
