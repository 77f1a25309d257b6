import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';

let sandbox: Sandbox;
let headers: ApiHeaders;
const LIST = '/management/v1/sales-units';

beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0 });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

describe('a call without a good token', () => {
  it.each([
    ['no token', () => undefined],
    ['an unknown token', () => 'Bearer abc'],
    ['a token that was changed', () => `${headers.Authorization}x`],
    ['bearer in lower case', () => headers.Authorization.replace('Bearer', 'bearer')],
    ['a token without its scheme', () => headers.Authorization.replace('Bearer ', '')],
  ])('is refused by the gateway: %s', async (_, authorizationOf) => {
    const { Authorization: _own, ...rest } = headers;
    const authorization = authorizationOf();
    const reply = await send(sandbox, 'GET', LIST, {
      headers: { ...rest, ...(authorization !== undefined && { Authorization: authorization }) },
    });
    const message = 'Something went wrong, please try again later.';
    expect([reply.status, reply.contentType]).toEqual([401, 'application/json']);
    expect(reply.json).toEqual({
      responseInfo: { responseCode: 401, responseMessage: message },
      result: { message },
    });
  });
});

describe('a call with a standard token and no good subscription key', () => {
  it.each([
    ['missing', () => undefined],
    ['invalid', () => 'wrong'],
    ['invalid', () => sandbox.callers.otherPartner.subscriptionKey],
  ])('is refused with the reason: %s', async (reason, keyOf) => {
    const key = keyOf();
    const { Authorization } = headers;
    const own = { Authorization, ...(key !== undefined && { 'Ocp-Apim-Subscription-Key': key }) };
    const reply = await send(sandbox, 'GET', LIST, { headers: own });
    expect([reply.status, reply.contentType]).toEqual([401, 'application/json']);
    expect(reply.json).toEqual({
      statusCode: 401,
      message: expect.stringContaining(`Access denied due to ${reason} subscription key.`),
    });
  });

  it('passes with the secondary key', async () => {
    const own = { ...headers, 'Ocp-Apim-Subscription-Key': sandbox.keys.subscriptionKeySecondary };
    expect((await send(sandbox, 'GET', LIST, { headers: own })).status).toBe(200);
  });
});

describe('a call with bad input', () => {
  const long = 'x'.repeat(31);
  it.each<[string, string, Record<string, string>]>([
    ['Merchant-Serial-Number', LIST, { 'Merchant-Serial-Number': '123' }],
    ['Vipps-System-Name', LIST, { 'Vipps-System-Name': long }],
    ['Vipps-System-Version', LIST, { 'Vipps-System-Version': long }],
    ['Vipps-System-Plugin-Name', LIST, { 'Vipps-System-Plugin-Name': long }],
    ['Vipps-System-Plugin-Version', LIST, { 'Vipps-System-Plugin-Version': long }],
    ['msn', `${LIST}/123`, {}],
    ['msn', `${LIST}/12345678901`, {}],
    ['msn', `${LIST}/12a45`, {}],
    ['msn', `${LIST}/%zz`, {}],
    ['scheme', '/management/v1/merchants/%zz/123456785', {}],
    ['productOrderId', '/management/v2/product-orders/1234/details', {}],
    ['includeExpired', '/management/v2/product-orders?includeExpired=yes', {}],
  ])('gets a problem that names %s (%s)', async (name, path, extra) => {
    const { status, contentType, json } = await send(sandbox, 'GET', path, {
      headers: { ...headers, ...extra },
    });
    expect([status, contentType]).toEqual([400, 'application/problem+json']);
    expect(json).toMatchObject({
      status: 400,
      title: 'Bad Request',
      extraDetails: [{ name, reason: expect.any(String) }],
    });
    expect(json.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('passes with system headers of 30 characters and the MSN of a unit that it sees', async () => {
    const own = {
      ...headers,
      'Vipps-System-Name': 'x'.repeat(30),
      'Merchant-Serial-Number': sandbox.data.msns[3] ?? '',
    };
    expect((await send(sandbox, 'GET', LIST, { headers: own })).status).toBe(200);
  });

  it('is forbidden with the MSN of a unit that it does not see', async () => {
    const own = { ...headers, 'Merchant-Serial-Number': sandbox.data.hidden.msnOfOtherPartner };
    const { status, contentType, json } = await send(sandbox, 'GET', LIST, { headers: own });
    expect([status, contentType, json.statusCode]).toEqual([403, 'application/json', 403]);
  });
});

describe('a call that goes nowhere', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/management/v1/nothing'],
    ['GET', `${LIST}/`],
    ['GET', '/management/v1/merchants/business:NO:ORG'],
    ['GET', '/management/v1/product-orders'],
    // Written so in guide texts, after the Partner API that was before (source: the API's guide).
    ['GET', '/management/v1/products/orders'],
    ['POST', '/management/v1/products/orders'],
    ['GET', '/management/v1/products-orders'],
    ['POST', '/management/v1/products-orders'],
    ['POST', '/partner-api/v1/products/orders'],
    ['GET', '/partner-api/management/v1/sales-units'],
    ['PUT', LIST],
    ['GET', '/accesstoken/get'],
  ])('is answered by the gateway: %s %s', async (method, path) => {
    const reply = await send(sandbox, method, path, { headers });
    expect([reply.status, reply.contentType]).toEqual([404, 'application/json']);
    expect(reply.json).toEqual({ statusCode: 404, message: 'Resource not found' });
  });
});

it('refuses a body of more than 12 MiB', async () => {
  const body = Buffer.alloc(12 * 1024 * 1024 + 1);
  expect((await send(sandbox, 'POST', '/miami/v1/token', { body })).status).toBe(413);
});

it('survives a client that leaves in the middle of its body', async () => {
  const before = sandbox.stats().aborted;
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  socket.end('POST /miami/v1/token HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 100\r\n\r\ngrant', () =>
    socket.destroy(),
  );
  while (sandbox.stats().aborted === before) await new Promise((resolve) => setImmediate(resolve));
  expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(200);
});
