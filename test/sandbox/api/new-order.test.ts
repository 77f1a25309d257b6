import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';
import { details, listed, order, smallest } from '../ordering.ts';

const PATH = '/management/v1/product-orders';
const exchanges: Exchange[] = [];
let sandbox: Sandbox;
let headers: ApiHeaders;

beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0, onExchange: (exchange) => exchanges.push(exchange) });
  headers = await signIn(sandbox);
});
afterAll(async () => {
  await sandbox.close();
  const check = await createContractCheck();
  expect(exchanges.flatMap(check).filter((violation) => violation.includes('response'))).toEqual([]);
});

describe('an ordered product', () => {
  it('is answered with an id and a link to a page of the sandbox', async () => {
    const { status, contentType, json } = await order(sandbox, headers);
    expect([status, contentType]).toEqual([201, 'application/json']);
    expect(json).toEqual({
      prefilledOrderId: expect.stringMatching(/^[0-9a-f]{8}-/),
      prefillUrl: `${sandbox.url}/portal/register/prefilled/${json.prefilledOrderId}`,
    });
  });

  it('is refused as the contract has errors when its body is larger than 12 MiB', async () => {
    const body = { ...smallest, salesUnitLogo: 'A'.repeat(12 * 1024 * 1024) };
    const { status, contentType, json } = await order(sandbox, headers, body);
    expect([status, contentType, json.status]).toEqual([413, 'application/problem+json', 413]);
  });

  it.each([[[]], ['[1]'], ['"text"'], ['null']])(
    'is refused by a name where the body as a whole is wrong: %j',
    async (body) => {
      const { status, json } = await order(sandbox, headers, body);
      expect([status, json.extraDetails]).toEqual([400, [{ name: 'body', reason: 'must be an object.' }]]);
      expect(json.detail).toBe('The request is not valid: the body must be an object.');
    },
  );

  it('is refused when its body is no UTF-8', async () => {
    const [before = '', after = ''] = JSON.stringify({ ...smallest, intendedPurpose: '?' }).split('?');
    const body = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
    const own = { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
    const { status, json } = await send(sandbox, 'POST', PATH, { headers: own, body });
    expect([status, json.detail]).toEqual([400, 'The body is not valid JSON.']);
  });

  it('is in list and details at once, for its partner only', async () => {
    const { json } = await order(sandbox, headers, { ...smallest, productType: 'LOGIN' });
    const expected = {
      productOrderType: 'PREFILL',
      productOrderId: json.prefilledOrderId,
      productType: 'LOGIN',
      status: 'RECEIVED',
      businessIdentifier: smallest.businessIdentifier,
      productOrderUrl: json.prefillUrl,
      salesUnit: null,
    };
    expect(await listed(sandbox, headers, json.prefilledOrderId)).toEqual([expected]);
    expect((await details(sandbox, headers, json.prefilledOrderId)).json).toEqual(expected);
    const other = await signIn(sandbox, sandbox.callers.otherPartner);
    expect((await details(sandbox, other, json.prefilledOrderId)).status).toBe(404);
  });

  it('is refused to the keys of a merchant, with the status of the policy', async () => {
    const merchant = await signIn(sandbox, sandbox.callers.merchant);
    expect(await order(sandbox, merchant)).toMatchObject({ status: 403, json: { status: 403 } });
    await using strict = await startSandbox({ latencyMs: 0, policy: { merchantOrderStatus: 401 } });
    const own = await signIn(strict, strict.callers.merchant);
    expect((await order(strict, own)).status).toBe(401);
  });

  it('is there even when a fault loses or spoils its answer, and is not when the fault is a status', async () => {
    const count = () => sandbox.data.orders.length;
    const before = count();
    sandbox.fault({ route: `POST ${PATH}`, reset: 'beforeHeaders', times: 1 });
    await expect(order(sandbox, headers, smallest, 'lost')).rejects.toThrow();
    expect(count()).toBe(before + 1);
    sandbox.fault({ route: `POST ${PATH}`, body: 'no JSON', times: 1 });
    await expect(order(sandbox, headers)).rejects.toThrow();
    expect(count()).toBe(before + 2);
    sandbox.fault({ route: `POST ${PATH}`, status: 500, times: 1 });
    expect((await order(sandbox, headers)).status).toBe(500);
    expect(count()).toBe(before + 2);
    expect((await order(sandbox, headers, smallest, 'lost')).status).toBe(201);
    expect(count()).toBe(before + 2);
  });
});

describe('the idempotency key', () => {
  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['of 51 characters', 'x'.repeat(51)],
    ['with a space', 'a b'],
    ['with an underscore', 'a_b'],
  ])('is refused when it is %s', async (_, key) => {
    const { status, contentType, json } = await send(sandbox, 'POST', PATH, {
      headers: { ...headers, ...(key !== undefined && { 'Idempotency-Key': key }) },
      body: JSON.stringify(smallest),
    });
    expect([status, contentType]).toEqual([400, 'application/problem+json']);
    expect(json.extraDetails).toMatchObject([{ name: 'Idempotency-Key' }]);
  });

  it('gives the same answer to the same JSON, whatever the order of its keys, and makes no second order', async () => {
    const first = await order(sandbox, headers, smallest, 'same');
    const before = sandbox.data.orders.length;
    const turned = `{ "productType": "PAYMENT_INTEGRATION",
      "businessIdentifier": { "id": "923609016", "scheme": "business:NO:ORG" } }`;
    expect(await order(sandbox, headers, turned, 'same')).toEqual(first);
    expect(sandbox.data.orders).toHaveLength(before);
  });

  it('is in conflict with another body, and stays with the first', async () => {
    const first = await order(sandbox, headers, smallest, 'taken');
    const other = { ...smallest, productType: 'LOGIN' };
    const { status, contentType } = await order(sandbox, headers, other, 'taken');
    expect([status, contentType]).toEqual([409, 'application/problem+json']);
    expect(await order(sandbox, headers, smallest, 'taken')).toEqual(first);
  });

  it('keeps a refusal as its answer', async () => {
    const first = await order(sandbox, headers, {}, 'refused');
    expect(first.status).toBe(400);
    expect(await order(sandbox, headers, {}, 'refused')).toEqual(first);
    expect((await order(sandbox, headers, smallest, 'refused')).status).toBe(409);
  });

  it('belongs to its caller', async () => {
    const other = await signIn(sandbox, sandbox.callers.otherPartner);
    const mine = await order(sandbox, headers, smallest, 'shared');
    const theirs = await order(sandbox, other, smallest, 'shared');
    expect(theirs.status).toBe(201);
    expect(theirs.json.prefilledOrderId).not.toBe(mine.json.prefilledOrderId);
  });
});
