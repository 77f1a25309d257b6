import { expect, it } from 'vitest';
import { Unauthenticated } from '../../../src/server/errors/request-errors.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

const refuseAll = async () => {
  throw new Unauthenticated('wrong');
};

/** Statuses of requests that fail to authenticate, with the headers of each. */
async function statuses(env: Record<string, string>, requests: readonly Record<string, string>[]) {
  await using gateway = await startTestGateway({
    env: { AUTH_FAILURES_PER_MINUTE: '2', ...env },
    gateway: { authenticate: refuseAll },
  });
  await using listening = await listen(gateway);
  const found: number[] = [];
  for (const headers of requests) {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(listening.url, { ...init, body: '{"query":"{ __typename }"}' });
    await response.text();
    found.push(response.status);
  }
  return { found, logs: gateway.logs };
}

const behindProxy = { TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' };
const from = (...addresses: string[]) => addresses.map((address) => ({ 'x-forwarded-for': address }));

it('is counted for each client behind a trusted proxy, so that one does not lock the others out', async () => {
  const { found, logs } = await statuses(behindProxy, [
    ...from('192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'),
    { forwarded: 'for=192.0.2.1' },
    { forwarded: 'for=192.0.2.3, for=10.0.0.9' },
  ]);
  expect(found).toEqual([401, 401, 429, 401, 429, 401]);
  expect(logs).toContainEqual(
    expect.objectContaining({ msg: 'authentication failed', address: '192.0.2.2' }),
  );
  expect(logs).toContainEqual(expect.objectContaining({ msg: 'request', address: '192.0.2.3' }));
});

it('is counted for the network of a client that changes its address within it', async () => {
  const { found } = await statuses(
    behindProxy,
    from('2001:db8::1', '2001:db8::2:1', '2001:db8::3', '2001:db8:0:1::1'),
  );
  expect(found).toEqual([401, 401, 429, 401]);
});

it('cannot be escaped by what a client writes itself, through a trusted proxy or without one', async () => {
  const invented = ['1.1.1.1', '2.2.2.2', '3.3.3.3'];
  const appended = await statuses(behindProxy, from(...invented.map((address) => `${address}, 192.0.2.1`)));
  expect(appended.found).toEqual([401, 401, 429]);
  const untrusted = await statuses({}, from(...invented));
  expect(untrusted.found).toEqual([401, 401, 429]);
  expect(JSON.stringify(untrusted.logs)).not.toContain('1.1.1.1');
  const disagreeing = invented.map((address) => ({
    forwarded: `for=${address}`,
    'x-forwarded-for': '192.0.2.1',
  }));
  expect((await statuses(behindProxy, disagreeing)).found).toEqual([401, 401, 429]);
});
