import { describe, expect, it } from 'vitest';
import { readProblem } from '../../src/upstream/http/problem.ts';
import { cleanText } from '../../src/upstream/models/clean-text.ts';
import { isHttpsLink, isLocalLink, linksOf } from '../../src/upstream/models/link.ts';
import { startTestGateway } from '../support/gateway.ts';

const UNITS = 'GET /management/v1/sales-units';
const ORDERS = 'GET /management/v2/product-orders';
const businessIdentifier = { scheme: 'business:NO:ORG', id: '123456785' };

describe('text', () => {
  it.each([
    'Kaffebar Ærlig & Ås',
    'Café\u0301 nai\u0308ve',
    '👩‍👩‍👧‍👦 familie',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'شركة',
    'می‌خواهم',
    '株式会社',
    '',
    'a\u00a0b\u00adc',
  ])('is left as it is: %s', (text) => expect(cleanText(text, 100)).toBe(text));

  it.each([
    ['a\u202eb', 'ab'],
    ['\u200fa\u2066b\u2069\u061c', 'ab'],
    ['a\r\n\tb', 'a b'],
    ['a\u2028b\u0085c', 'a b c'],
    ['a\u0000\u001b[2Jb\u009b', 'a[2Jb'],
    ['\ufeffa\ufff9b', 'ab'],
    ['a\ud800b', 'a\ufffdb'],
  ])('loses what forges lines and directions: %j', (text, clean) => expect(cleanText(text, 100)).toBe(clean));

  it('is cut without half a character', () => {
    expect(cleanText('😀'.repeat(100), 10)).toBe(`${'😀'.repeat(4)}…`);
    expect(cleanText('x'.repeat(1_000_000), 100)).toHaveLength(100);
  });
});

describe('a link', () => {
  it.each([
    'https://portal.vipps.no/register/prefilled/1?a=b#c',
    'https://xn--bcher-kva.example/å',
    'HTTPS://A.EXAMPLE',
  ])('is passed on: %s', (link) => expect(isHttpsLink(link)).toBe(true));

  it.each([
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    ' https://a.example',
    'https://a.example/\u202e',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'http://portal.vipps.no/',
    '//a.example',
    '/path',
    '',
    'https://vipps.no@evil.example/',
    'https:\\\\evil.example',
    `https://a.example/${'x'.repeat(5_000)}`,
  ])('is refused: %j', (link) => expect([isHttpsLink(link), isLocalLink(link)]).toEqual([false, false]));

  it('may be http on this machine only when the upstream is', () => {
    const local = 'http://127.0.0.1:4100/portal';
    expect(linksOf('https://api.vipps.no')(local)).toBe(false);
    expect(linksOf('http://127.0.0.1:4100')(local)).toBe(true);
    expect(linksOf('http://127.0.0.1:4100')('http://127.0.0.1.evil.example/')).toBe(false);
    expect(linksOf('http://127.0.0.1:4100')('https://portal.vipps.no')).toBe(true);
  });
});

describe('an error body', () => {
  it('is cut and cleaned', () => {
    const forged = `a\u202e\n${'x'.repeat(400)}`;
    const detail = `a\u202e\n${'x'.repeat(240_000)}`;
    const extraDetails = Array.from({ length: 1_000 }, () => ({ name: forged, reason: forged }));
    for (const body of [
      { title: detail, detail, instance: detail, traceId: detail, extraDetails },
      { statusCode: 500, message: detail },
      { responseInfo: { responseMessage: detail } },
    ]) {
      const problem = JSON.stringify(readProblem(JSON.stringify(body)));
      expect(problem).not.toMatch(/\u202e|\\n/u);
      expect(problem.length).toBeLessThan(40_000);
    }
  });
});

describe('the gateway', () => {
  it('shows names without what forges them, and no more of them than a few kilobytes', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({
      route: UNITS,
      status: 200,
      body: [
        { msn: '123456', name: 'Kaffe\u202ebar\n1' },
        { msn: '123457', name: 'Å'.repeat(50_000) },
      ],
    });
    const { data, errors } = await gateway.query<{ salesUnits: { nodes: { name: string }[] } }>(
      '{ salesUnits { nodes { name } } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.salesUnits.nodes[0]?.name).toBe('Kaffebar 1');
    expect(data?.salesUnits.nodes[1]?.name.length).toBe(2_048);
  });

  it('fails a link that is no https URL at its own path, and keeps its row', async () => {
    await using gateway = await startTestGateway();
    const row = { status: 'RECEIVED', businessIdentifier };
    gateway.sandbox.fault({
      route: ORDERS,
      status: 200,
      body: [
        {
          ...row,
          productOrderId: '00000000-0000-4000-8000-000000000001',
          productOrderUrl: 'javascript:alert(1)',
        },
        {
          ...row,
          productOrderId: '00000000-0000-4000-8000-000000000002',
          productOrderUrl: 'https://a.example/',
        },
      ],
    });
    const { data, errors } = await gateway.query('{ productOrders { nodes { url status } } }');
    expect(data).toEqual({
      productOrders: {
        nodes: [
          { url: null, status: 'RECEIVED' },
          { url: 'https://a.example/', status: 'RECEIVED' },
        ],
      },
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['productOrders', 'nodes', 0, 'url'], 'UPSTREAM_BAD_RESPONSE'],
    ]);
    expect(gateway.drift).toEqual([`${ORDERS} productOrderUrl`]);
    expect(JSON.stringify(gateway.logs)).not.toContain('javascript:');
  });

  it('tells of an order whose link it does not pass on, at once and later', async () => {
    await using gateway = await startTestGateway();
    const id = '00000000-0000-4000-8000-000000000003';
    const route = 'POST /management/v1/product-orders';
    gateway.sandbox.fault({
      route,
      status: 201,
      body: { prefilledOrderId: id, prefillUrl: 'data:text/html,x' },
    });
    const order = () =>
      gateway.query(`mutation { prefillProductOrder(input: { idempotencyKey: "the-key",
        businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }, productType: LOGIN }) {
        prefillUrl replayed idempotencyKey } }`);
    for (const replayed of [false, true]) {
      const { data, errors } = await order();
      expect(data).toEqual({
        prefillProductOrder: { prefillUrl: null, replayed, idempotencyKey: 'the-key' },
      });
      expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [['prefillProductOrder', 'prefillUrl'], 'UPSTREAM_BAD_RESPONSE'],
      ]);
    }
    expect(gateway.calls()).toEqual({ [route]: 1 });
  });

  it('names a broken row once, however many of its parts are broken', async () => {
    await using gateway = await startTestGateway();
    const route = 'GET /management/v1/merchants/{scheme}/{id}';
    const lines = Array.from({ length: 20_000 }, () => 0);
    gateway.sandbox.fault({ route, patch: [{ path: ['businessAddress'], value: { lines } }] });
    const [msn] = gateway.sandbox.data.msns;
    await gateway.query(`{ salesUnit(msn: "${msn}") { merchant { name } } }`);
    expect(gateway.drift).toEqual([`${route} businessAddress.lines`]);
    expect(Math.max(...gateway.logs.map((line) => JSON.stringify(line).length))).toBeLessThan(1_000);
  });
});
