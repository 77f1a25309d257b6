import { describe, expect, it } from 'vitest';
import { type ErrorShape, errorOf, errorShapes } from '../../src/sandbox/answers/error-shape.ts';
import { readProblem } from '../../src/upstream/http/problem.ts';
import { createRedact } from '../../src/upstream/http/redact.ts';
import { startTestGateway } from '../support/gateway.ts';
import { callCount, env, LIST, POST, prefill } from './writes/ordering.ts';

const DETAIL = 'This error comes from a fault.';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const problem = { writtenBy: 'api', title: 'Bad Gateway', detail: DETAIL };
const named = (name: string, reason = 'comes from a fault.') => ({
  ...problem,
  extraDetails: [{ name, reason }],
});

const read: Record<ErrorShape, object> = {
  problem: named('fault'),
  problemKeyValue: named('CustomErrorCode', '9000'),
  problemFieldText: named('fault'),
  problemStatusText: problem,
  problemNulls: { writtenBy: 'api', title: undefined, detail: DETAIL, extraDetails: undefined },
  invalidParams: named('fault'),
  aspNet: {
    writtenBy: 'api',
    title: 'One or more validation errors occurred.',
    traceId: TRACE_ID,
    extraDetails: [{ name: 'Fault', reason: DETAIL }],
  },
  oauth: { writtenBy: 'gateway', title: 'invalid_client', detail: DETAIL, traceId: TRACE_ID },
  errorObject: { writtenBy: 'api', title: 'Fault', detail: DETAIL, traceId: TRACE_ID },
  errorList: { writtenBy: 'api', title: 'Fault 502', detail: DETAIL, traceId: TRACE_ID },
  gateway: { writtenBy: 'gateway', title: 'Bad Gateway' },
  gatewayOpaque: { writtenBy: 'gateway', title: 'Something went wrong, please try again later.' },
  gatewayCapitalised: { writtenBy: 'gateway', title: undefined, detail: DETAIL },
  text: { writtenBy: 'unknown', title: DETAIL },
  html: { writtenBy: 'firewall', title: '502 Bad Gateway' },
  empty: { writtenBy: 'unknown', title: undefined },
};

describe('an error body', () => {
  it.each(errorShapes)('is read: %s', (shape) => {
    expect(readProblem(errorOf(502, shape).body.toString())).toMatchObject(read[shape]);
  });

  it.each([
    ['null', 'null', undefined],
    ['a number', '17', undefined],
    ['JSON text', '"Down for maintenance"', 'Down for maintenance'],
    ['a list of nulls', '[null]', undefined],
    ['a list of texts', '["x"]', undefined],
    ['an object of nulls', '{"title":null,"error":null,"responseInfo":null,"errors":null}', undefined],
    ['a string status', '{"statusCode":"403","message":"Denied"}', 'Denied'],
    ['a message alone', '{"message":"Denied"}', 'Denied'],
    ['names in another case', '{"StatusCode":403,"Message":"Denied"}', 'Denied'],
    ['a page after a comment', '<!-- waf -->\n<HTML><TITLE>Blocked</TITLE>', 'Blocked'],
  ])('may be odd: %s', (_what, body, title) => expect(readProblem(body).title).toBe(title));
});

describe('what names a field', () => {
  const forms: [what: string, body: object][] = [
    ['errors', { title: 'x', errors: { SalesUnitName: ['is taken'] } }],
    ['errors without a title', { title: null, status: 400, errors: { SalesUnitName: ['is taken', null] } }],
    ['errors as text', { title: 'x', errors: { salesUnitName: 'is taken' } }],
    ['errors as a list', { title: 'x', errors: [{ field: 'salesUnitName', message: 'is taken' }] }],
    ['field and text', { title: 'x', extraDetails: [null, { field: 'salesUnitName', text: 'is taken' }] }],
    ['key and null', { title: 'x', extraDetails: [{ key: 'salesUnitName', value: null }] }],
    ['invalidParams', { type: 'x', invalidParams: [{ name: '$.salesUnitName', reason: 'is taken' }] }],
    ['a pointer', { title: 'x', extraDetails: [{ name: '/salesUnitName', reason: 'is taken' }] }],
    [
      'a member of the request',
      { title: 'x', extraDetails: [{ name: 'request.SalesUnitName', reason: '' }] },
    ],
    ['snake case', { title: 'x', extraDetails: [{ name: 'sales_unit_name', reason: '' }] }],
  ];

  it.each(forms)('becomes a user error at that field: %s', async (_what, body) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 400, body });
    const { data, errors } = await prefill(gateway);
    expect(errors).toBeUndefined();
    expect(data?.prefillProductOrder.userErrors).toMatchObject([
      { code: 'REFUSED', field: ['input', 'salesUnitName'] },
    ]);
  });

  it.each([
    ['Website.Url', 'website.url'],
    ['website.url[0]', 'website.url'],
    ['#/website/termsUrl', 'website.termsUrl'],
    ['BusinessIdentifier.Id', 'businessIdentifier.value'],
    ['website.unheardOf', 'website'],
    ['unheardOf', ''],
    ['x.'.repeat(5_000), ''],
  ])('may be nested: %s', async (name, field) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 400, body: { title: 'x', errors: { [name]: ['bad'] } } });
    const { data } = await prefill(gateway);
    expect(data?.prefillProductOrder.userErrors.map((error) => error.field.slice(1).join('.'))).toEqual([
      field,
    ]);
  });
});

describe('the words of the upstream', () => {
  it('reach the log for a refused write, without the input or the keys', async () => {
    await using gateway = await startTestGateway({ env });
    const { subscriptionKey } = gateway.sandbox.keys;
    const website = {
      url: 'https://a.example',
      termsUrl: 'https://a.example/t',
      testWebsitePassword: 'p"w<1',
    };
    const detail = `Account 8601 11 17947 is closed; 86011117947; p"w<1 p%22w%3C1 p&quot;w&lt;1; key ${subscriptionKey}`;
    gateway.sandbox.fault({ route: POST, status: 400, body: { title: 'Not allowed', detail } });
    await prefill(gateway, { website, settlementBankAccount: { scheme: 'BBAN:NO', value: '86011117947' } });
    expect(gateway.logs).toContainEqual(
      expect.objectContaining({
        problem: expect.objectContaining({
          title: 'Not allowed',
          detail: 'Account [number] is closed; [input]; [input] [input] [input]; key [secret]',
        }),
      }),
    );
  });

  it('reach the log for a refused token call, without the secret', async () => {
    await using gateway = await startTestGateway();
    const { clientSecret } = gateway.sandbox.keys;
    const description = `AADSTS7000215: Invalid client secret '${clientSecret}' is provided.`;
    const body = { error: 'invalid_client', error_description: description, trace_id: TRACE_ID };
    gateway.sandbox.fault({ route: 'POST /accesstoken/get', status: 400, body });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_UNAUTHENTICATED');
    expect(JSON.stringify(gateway.logs)).toContain("Invalid client secret '[secret]' is provided.");
    expect(JSON.stringify([gateway.logs, errors])).not.toContain(clientSecret);
  });

  it('are bounded', () => {
    const detail = `${'x '.repeat(2_040)}a-secret-that-the-cut-divides`;
    const redact = createRedact(['a-secret-that-the-cut-divides'], '{}');
    const { detail: kept } = readProblem(JSON.stringify({ title: 'x', detail }), redact);
    expect(kept?.length).toBeLessThanOrEqual(1_024);
    expect(kept).not.toContain('a-secret');
  });
});

describe('redaction', () => {
  it.each([
    ['a token', 'Bearer abc.def.ghi refused', 'Bearer [secret] refused'],
    ['a JWT', 'token eyJhbGciOi.eyJzdWIi.c2ln is bad', 'token [secret] is bad'],
    ['an image', `logo ${'iVBORw0KGgo'.repeat(9)} is bad`, 'logo [long value] is bad'],
    ['an id', `trace ${TRACE_ID} and 12345678-e89b-12d3-a456-426614174000`, undefined],
    ['a number', 'id 8601 11 17947, 86011117947.', 'id [number], [number].'],
    ['an address', 'see https://developer.vippsmobilepay.com/docs/APIs/management-api/', undefined],
    ['a short input inside another word', 'application', undefined],
    ['a short input alone', 'app is bad', '[input] is bad'],
    ['another case', 'kaffebar 3 IS TAKEN: KAFFEBAR 3', '[input] IS TAKEN: [input]'],
  ])('treats %s', (_what, text, expected) => {
    const redact = createRedact([], JSON.stringify({ name: 'Kaffebar 3', app: { appName: 'app' } }));
    expect(redact(text)).toBe(expected ?? text);
  });
});

describe('a page of a firewall with 403', () => {
  const page = { status: 403, bodyShape: 'html' } as const;

  it('has an error code and a log line of its own, unlike missing rights', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: LIST, ...page });
    gateway.sandbox.fault({ route: POST, ...page });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BLOCKED', retryable: false } }]);
    expect((await prefill(gateway)).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BLOCKED' } }]);
    expect(gateway.logs).toContainEqual(
      expect.objectContaining({
        code: 'UPSTREAM_BLOCKED',
        problem: { writtenBy: 'firewall', title: '403 Forbidden' },
      }),
    );
    expect([callCount(gateway, LIST), callCount(gateway)]).toEqual([1, 1]);
  });

  it('says nothing about the keys of a token call', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: 'POST /accesstoken/get', ...page });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_BLOCKED');
    expect(gateway.client.keyState).toBe('unproved');
  });

  it('is missing rights in any other form', async () => {
    await using gateway = await startTestGateway();
    for (const bodyShape of ['gateway', 'problem', 'text', 'empty'] as const) {
      gateway.sandbox.fault({ route: LIST, status: 403, bodyShape, times: 1 });
      const { errors } = await gateway.query('{ salesUnits { totalCount } }');
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});

describe('a refused subscription key', () => {
  const message = 'Access denied due to invalid subscription key.';
  it.each([
    [
      'result.message',
      { responseInfo: { responseCode: 401, responseMessage: 'Unauthorized' }, result: { message } },
    ],
    ['result.message alone', { result: { message } }],
    ['capitals', { ResponseInfo: { ResponseCode: '401' }, Result: { Message: message } }],
    ['statusCode and message', { statusCode: '401', message }],
    ['a problem', { title: 'Unauthorized', detail: message }],
    ['an error', { error: { code: 401, message } }],
    ['plain text', message],
  ])('makes the gateway try the other key: %s', async (_what, body) => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: LIST, status: 401, body, times: 1 });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect(errors).toBeUndefined();
    expect(gateway.sandbox.stats().calls['POST /accesstoken/get']).toBe(1);
  });
});
