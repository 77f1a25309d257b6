import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults/fault.ts';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';

const LIST = '/management/v1/sales-units';
const ORDERS = '/management/v2/product-orders';
let check: (exchange: Exchange) => string[];
let sandbox: Sandbox;
let last: Exchange | undefined;
let headers: ApiHeaders;

beforeAll(async () => {
  check = await createContractCheck();
  const onExchange = (exchange: Exchange) => {
    last = exchange;
  };
  sandbox = await startSandbox({ latencyMs: 0, onExchange });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

/** Sends a request and judges it as if no fault had been at work. */
async function judge(method: string, path: string, init: RequestInit = {}): Promise<string[]> {
  await send(sandbox, method, path, { headers, ...init }).catch(() => undefined);
  if (!last) throw new Error('nothing was exchanged');
  return check({ ...last, faulted: false });
}

describe('the contract check finds fault with answers', () => {
  it.each<[string, Omit<Fault, 'route'>, string, string]>([
    [
      'of another media type',
      { contentType: 'application/json' },
      LIST,
      'content type application/json; declared: application/json;charset=UTF-8',
    ],
    ['without media type', { contentType: '' }, LIST, 'content type undefined'],
    [
      'without a required field',
      { patch: [{ path: ['0', 'name'], remove: true }] },
      LIST,
      "response 200/0 must have required property 'name'",
    ],
    [
      'with a field of the wrong type',
      { patch: [{ path: ['0', 'name'], value: 7 }] },
      LIST,
      'response 200/0/name must be string',
    ],
    [
      'with null where null is not allowed',
      { patch: [{ path: ['0', 'name'], value: null }] },
      LIST,
      'response 200/0/name must be string',
    ],
    [
      'with an unknown value',
      { patch: [{ path: ['0', 'status'], value: 'LOST' }] },
      ORDERS,
      'response 200/0/status must be equal to one of the allowed values',
    ],
    [
      'with an id that is no UUID',
      { patch: [{ path: ['0', 'productOrderId'], value: 'x' }] },
      ORDERS,
      'must match format "uuid"',
    ],
    ['with a status that is not declared', { status: 404 }, ORDERS, 'response status 404 is not declared'],
    ['that are not JSON', { body: '{' }, LIST, 'response 200 is not JSON'],
    [
      'with an error that is no problem',
      { status: 418, contentType: 'application/problem+json', body: {} },
      LIST,
      "must have required property 'type'",
    ],
  ])('%s', async (_, fault, path, violation) => {
    sandbox.fault({ route: `GET ${path}`, times: 1, ...fault });
    expect((await judge('GET', path)).join('\n')).toContain(violation);
  });

  it('unless a fault is known to have touched them, or there is no answer', async () => {
    sandbox.fault({ route: `GET ${LIST}`, times: 1, body: '{' });
    await judge('GET', LIST);
    expect(last && check(last)).toEqual([]);
    sandbox.fault({ route: `GET ${LIST}`, times: 1, reset: 'beforeHeaders' });
    expect(await judge('GET', LIST)).toEqual([]);
    expect(last).toMatchObject({ status: null, faulted: true });
  });
});

describe('the contract check finds fault with requests', () => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Basic eDp5' };
  it.each<[string, string, string, RequestInit, string]>([
    ['to no route', 'GET', '/management/v1/nothing', {}, 'the contract has no such operation'],
    ['with another method', 'PUT', LIST, {}, 'the contract has no such operation'],
    ['with a trailing slash', 'GET', `${LIST}/`, {}, 'the contract has no such operation'],
    ['with a bad path parameter', 'GET', `${LIST}/12a45`, {}, 'request/path/msn must match pattern'],
    [
      'with an id that is no UUID',
      'GET',
      `${ORDERS}/abc/details`,
      {},
      'request/path/productOrderId must match format "uuid"',
    ],
    [
      'with an unknown query parameter',
      'GET',
      `${ORDERS}?page=2`,
      {},
      'request/query must NOT have additional properties',
    ],
    [
      'with a bad query parameter',
      'GET',
      `${ORDERS}?includeExpired=maybe`,
      {},
      'request/query/includeExpired must be boolean',
    ],
    [
      'without a token',
      'GET',
      LIST,
      { headers: {} },
      'request lacks ClassicAuthorization + SubscriptionKey, or ManagementAuthorization',
    ],
    [
      'without keys for a token',
      'POST',
      '/accesstoken/get',
      { headers: {} },
      "must have required property 'client_id'",
    ],
    [
      'with a body where there is none',
      'POST',
      '/accesstoken/get',
      { body: 'x' },
      'request must have no body',
    ],
    [
      'without a body where there is one',
      'POST',
      '/miami/v1/token',
      { headers: form },
      'request has no body',
    ],
    [
      'with a wrong body',
      'POST',
      '/miami/v1/token',
      { headers: form, body: 'a=b' },
      "request/requestBody must have required property 'grant_type'",
    ],
    [
      'with a body of another media type',
      'POST',
      '/miami/v1/token',
      { headers: { ...form, 'Content-Type': 'text/plain' }, body: 'x' },
      'request has content type text/plain',
    ],
  ])('%s', async (_, method, path, init, violation) => {
    expect((await judge(method, path, init)).join('\n')).toContain(violation);
  });

  it.each([
    ['Merchant-Serial-Number', '12', 'request/header/merchant-serial-number must match pattern'],
    [
      'Vipps-System-Name',
      'x'.repeat(31),
      'request/header/vipps-system-name must NOT have more than 30 characters',
    ],
  ])('with a bad header %s', async (name, value, violation) => {
    expect((await judge('GET', LIST, { headers: { ...headers, [name]: value } })).join('\n')).toContain(
      violation,
    );
  });
});
