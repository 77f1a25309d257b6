import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';
import { env, failureOf, linkOf, orderCount, POST, prefill } from './ordering.ts';

const lost = { route: POST, reset: 'beforeHeaders', times: 1 } as const;

describe('a rejection', () => {
  const gatewayForm = { statusCode: 422, message: 'x' };

  it.each([
    ['422 of the gateway in front', { status: 422, body: gatewayForm }],
    ['400 with HTML', { status: 400, body: '<html>', contentType: 'text/html' }],
  ])('leaves the outcome unknown when the API did not write it: %s', async (_what, fault) => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    gateway.sandbox.fault(lost);
    gateway.sandbox.fault({ route: POST, times: 1, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(orderCount(gateway) - before).toBe(1);
  });

  it('is neither a user error nor kept when the API did not write it', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, times: 1, status: 422, body: gatewayForm });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([
      ['UPSTREAM_BAD_RESPONSE', 'k'],
    ]);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
  });

  it('settles the outcome when the API wrote it, since the API keeps rejections by key', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, reset: 'beforeHeaders', work: false, times: 1 });
    gateway.sandbox.fault({ route: POST, status: 400, times: 1 });
    const { data, errors } = await prefill(gateway, { idempotencyKey: 'k' });
    expect([errors, data?.prefillProductOrder.userErrors]).toMatchObject([undefined, [{ code: 'REFUSED' }]]);
  });

  it('names only fields of the input, each once', async () => {
    await using gateway = await startTestGateway({ env });
    const names = [
      'website.testWebsitePassword.hunter2 is bad',
      'constructor',
      '$.salesUnitName',
      'SalesUnitName',
      'settlementBankAccount.id',
    ];
    const extraDetails = names.map((name) => ({ name, reason: "'86011117947' is not an account" }));
    const body = {
      type: 'x',
      title: 'x',
      status: 400,
      detail: '86011117947',
      instance: 'urn:uuid:1',
      traceId: 't1',
      extraDetails,
    };
    gateway.sandbox.fault({ route: POST, status: 400, body });
    const website = {
      url: 'https://a.example',
      termsUrl: 'https://a.example',
      testWebsitePassword: 'hunter2',
    };
    const { data } = await prefill(gateway, { website });
    expect(data?.prefillProductOrder.userErrors.map(({ field }) => field.join('.'))).toEqual([
      'input.website.testWebsitePassword',
      'input.salesUnitName',
      'input.settlementBankAccount.value',
    ]);
    // The log has what a support case needs, without the input that the upstream's text may quote.
    expect(gateway.logs).toContainEqual(
      expect.objectContaining({
        status: 400,
        problem: expect.objectContaining({
          writtenBy: 'api',
          detail: '[number]',
          instance: 'urn:uuid:1',
          traceId: 't1',
        }),
      }),
    );
    expect(JSON.stringify(data)).not.toMatch(/hunter2|86011117947/);
    expect(JSON.stringify(gateway.logs)).not.toMatch(/hunter2|86011117947/);
  });
});
