import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';
import { noisyPng } from '../../support/png.ts';
import { callCount, env, linkOf, POST, prefill } from '../../upstream/writes/ordering.ts';

let gateway: TestGateway;
let listening: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  gateway = await startTestGateway({ env });
  listening = await listen(gateway);
});
afterAll(async () => {
  await listening[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

function send(body: Buffer, headers: Record<string, string> = {}, { url } = listening) {
  return new Promise<{ status: number; json: { data?: unknown; errors?: { message: string }[] } }>(
    (resolve, reject) => {
      const request = httpRequest(
        url,
        { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
        async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) });
        },
      );
      request.on('error', reject);
      request.end(body);
    },
  );
}

const ORDER = (name: string) =>
  JSON.stringify({
    query:
      'mutation($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) { prefillUrl } }',
    variables: {
      input: {
        businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
        productType: 'LOGIN',
        salesUnitName: name,
      },
    },
  });

describe('a body', () => {
  it.each([
    ['Latin-1', Buffer.from(ORDER('kjøtt'), 'latin1')],
    ['UTF-16', Buffer.from(ORDER('kjøtt'), 'utf16le')],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${ORDER('kjøtt')}`, 'utf16le')],
    [
      'half a character',
      Buffer.concat([Buffer.from('{"query":"{ a }'), Buffer.from([0xc3]), Buffer.from('"}')]),
    ],
    [
      'an encoded surrogate',
      Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    ],
    [
      'an overlong slash',
      Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ],
  ])('that is not UTF-8 is refused, and nothing is ordered: %s', async (_what, bytes) => {
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const { status, json } = await send(bytes, headers);
      expect([status, json.errors?.length]).toEqual([400, 1]);
      expect(json.errors?.[0]?.message).toMatch(/UTF-8|JSON/);
    }
    expect(callCount(gateway, POST)).toBe(0);
  });

  it.each([
    ['at the start of a body', {}],
    ['at the start of a chunked body', { 'transfer-encoding': 'chunked' }],
  ])('may have a byte-order mark %s', async (_what, headers) => {
    const { status, json } = await send(Buffer.from('\ufeff{"query":"{ __typename }"}'), headers);
    expect([status, json]).toEqual([200, { data: { __typename: 'Query' } }]);
  });

  it('keeps every letter', async () => {
    const link = linkOf(await prefill(gateway, { salesUnitName: 'Kjøtt på Åland' }));
    expect(link).toBeTruthy();
  });

  it.each([
    ['nothing', ''],
    ['half of an object', '{"query":'],
    ['two objects', '{}{}'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['a number', '1'],
  ])('that is %s is refused with 400', async (_what, text) => {
    const { status, json } = await send(Buffer.from(text));
    expect([status, json.errors?.[0]?.message]).toEqual([400, expect.stringMatching(/JSON/)]);
  });
});

it('refuses a query in the URL that is not UTF-8', async () => {
  const response = await fetch(`${listening.url}?query=%7B__typename%7D&operationName=kj%F8tt`);
  expect([response.status, (await response.json()).errors[0].message]).toEqual([
    400,
    expect.stringContaining('UTF-8'),
  ]);
});

describe('a long body', () => {
  it('can contain the largest legal logo at the default settings', async () => {
    const salesUnitLogo = noisyPng(1_000, 1_000);
    expect(salesUnitLogo.length).toBeGreaterThan(10_600_000);
    await using own = await startTestGateway();
    await using port = await listen(own);
    const { status, json } = await send(
      Buffer.from(
        ORDER('Kiosk').replace('"salesUnitName"', `"salesUnitLogo":"${salesUnitLogo}","salesUnitName"`),
      ),
      {},
      port,
    );
    expect([status, json.errors]).toEqual([200, undefined]);
    expect(callCount(own, POST)).toBe(1);
  });

  it.each(['[', '{"a":', '0,', '"\\u0041",'])(
    'costs no more to parse than one of 1 MiB: %s',
    async (part) => {
      const body = Buffer.from(
        `{"query":"{ __typename }","variables":{"x":[${part.repeat(8_000_000 / part.length)}0]}}`,
      );
      const { status, json } = await send(body);
      expect(status === 413 || status === 400).toBe(true);
      expect(json.errors?.[0]?.message).toMatch(/too many|JSON/);
    },
  );
});
