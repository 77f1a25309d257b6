import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';
import { env, failureOf, orderCount, POST, prefill, times } from './ordering.ts';

describe('a thousand orders with faults injected', () => {
  it('creates a thousand orders', async () => {
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_TIMEOUT_MS: '250', UPSTREAM_CONCURRENCY: '50' },
    });
    const before = orderCount(gateway);
    for (const fault of [
      { reset: 'beforeHeaders' },
      { reset: 'midBody' },
      { truncate: true },
      { status: 500 },
      { status: 503 },
      { status: 429 },
      { hang: true },
    ] as const)
      gateway.sandbox.fault({ route: POST, rate: 0.05, ...fault });
    const settle = async (idempotencyKey: string) => {
      for (let round = 0; ; round++) {
        const answer = await prefill(gateway, { idempotencyKey });
        if (!answer.errors) return round;
        expect(['OUTCOME_UNKNOWN', 'UPSTREAM_RATE_LIMITED']).toContain(failureOf(answer)?.[0]?.[0]);
      }
    };
    let unknown = 0;
    for (let wave = 0; wave < 20; wave++) {
      const rounds = await times(50, (index) => settle(`order-${wave}-${index}`));
      unknown += rounds.filter((round) => round > 0).length;
    }
    expect(unknown).toBeGreaterThan(0);
    expect(orderCount(gateway) - before).toBe(1_000);
  }, 60_000);
});
