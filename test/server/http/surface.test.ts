import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

const url = 'http://127.0.0.1/graphql';
const query = JSON.stringify({ query: '{ salesUnits { totalCount } }' });
const post = ({ gateway }: TestGateway, headers: Record<string, string> = {}, body = query) =>
  gateway.fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

describe('the report of upstream calls', () => {
  it('is in the extensions on request', async () => {
    await using gateway = await startTestGateway({ env: { CACHE: 'on' } });
    const page = '{ salesUnits(first: 5) { nodes { configuration { captureType } } } }';
    const init = { headers: { 'x-upstream-report': '1' } };
    const cold = await gateway.query(page, undefined, init);
    expect(cold.extensions?.upstream).toMatchObject({ calls: 6, cached: 0 });
    expect(cold.extensions?.upstream.ms).toBeGreaterThan(0);
    const warm = await gateway.query(page, undefined, init);
    expect(warm.extensions?.upstream).toEqual({
      calls: 0,
      cached: 6,
      ms: 0,
      oldest: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('is left out otherwise', async () => {
    await using gateway = await startTestGateway();
    expect(await gateway.query('{ salesUnits { totalCount } }')).not.toHaveProperty('extensions');
  });
});

describe('the request id', () => {
  it('is the one of the caller, on the answer and in the log', async () => {
    await using gateway = await startTestGateway();
    const response = await post(gateway, { 'x-request-id': 'abc-1' });
    expect(response.headers.get('x-request-id')).toBe('abc-1');
    expect(gateway.logs).toContainEqual(expect.objectContaining({ requestId: 'abc-1', msg: 'request' }));
  });

  it('is a new one when the given one is not fit for a log', async () => {
    await using gateway = await startTestGateway();
    const response = await post(gateway, { 'x-request-id': '{"level":"fatal"}' });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(gateway.logs)).not.toContain('fatal');
  });
});

describe('the log', () => {
  it('has one line per request with its name, duration and upstream calls', async () => {
    await using gateway = await startTestGateway();
    const body = JSON.stringify({
      query: 'query Names { salesUnits(first: 2) { nodes { configuration { captureType } } } }',
    });
    await post(gateway, {}, body);
    expect(gateway.logs.filter(({ msg }) => msg === 'request')).toEqual([
      expect.objectContaining({
        level: 'info',
        tenant: 'default',
        caller: 'test',
        operationName: 'Names',
        status: 200,
        durationMs: expect.any(Number),
        upstreamCalls: 3,
        upstreamCached: 0,
        errors: 0,
      }),
    ]);
  });

  it('never holds a key, a token or a variable', async () => {
    await using gateway = await startTestGateway({ env: { LOG_LEVEL: 'trace' } });
    await gateway.query('query ($msn: String!) { salesUnit(msn: $msn) { name } }', {
      msn: 'canary-variable',
    });
    await gateway.query('{ salesUnits { nodes { configuration { captureType } } } }');
    const { clientSecret, subscriptionKey } = gateway.sandbox.keys;
    const text = JSON.stringify(gateway.logs);
    for (const secret of [clientSecret, subscriptionKey, 'canary-variable', 'Bearer'])
      expect(text).not.toContain(secret);
  });
});

describe('other origins', () => {
  it.each(['https://evil.example', 'null', 'https://good.example.evil.example', 'http://good.example'])(
    'get no CORS header: %s',
    async (origin) => {
      await using gateway = await startTestGateway({
        env: { CORS_ORIGINS: 'https://good.example, https://other.example' },
      });
      const preflight = await gateway.gateway.fetch(url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      const actual = await post(gateway, { origin });
      for (const { headers } of [preflight, actual])
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  it('get in by their exact name, without credentials', async () => {
    await using gateway = await startTestGateway({ env: { CORS_ORIGINS: 'https://good.example' } });
    const headers = { origin: 'https://good.example' };
    const preflight = await gateway.gateway.fetch(url, { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST');
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase().split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'vipps-client-id', 'vipps-client-secret']),
    );
    expect(allowed).toEqual(expect.arrayContaining(['ocp-apim-subscription-key', 'merchant-serial-number']));
    // What Apollo Client, urql and the tracing of browsers send.
    expect(allowed).toEqual(
      expect.arrayContaining([
        'apollographql-client-name',
        'traceparent',
        'tracestate',
        'baggage',
        'sentry-trace',
      ]),
    );
    expect(allowed).toEqual(expect.arrayContaining(['apollo-require-preflight', 'cache-control']));
    const actual = await post(gateway, headers);
    expect(actual.headers.get('access-control-allow-origin')).toBe('https://good.example');
    expect(actual.headers.get('vary')).toContain('Origin');
    expect(actual.headers.has('access-control-allow-credentials')).toBe(false);
  });
});

it('may send headers that the operator names', async () => {
  const env = { CORS_ORIGINS: 'https://good.example', CORS_HEADERS: 'X-Own-Trace, X-Tenant' };
  await using gateway = await startTestGateway({ env });
  const headers = { origin: 'https://good.example' };
  const preflight = await gateway.gateway.fetch(url, { method: 'OPTIONS', headers });
  expect(preflight.headers.get('access-control-allow-headers')).toContain('X-Own-Trace, X-Tenant');
});

describe('a page of another site', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' };

  it.each([
    ['by a form', 'POST', url, form, 403],
    [
      'by a form of an old browser',
      'POST',
      url,
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
    ],
    ['as text', 'POST', url, { 'content-type': 'text/plain' }, 415],
    ['as a GraphQL document', 'POST', url, { 'content-type': 'application/graphql' }, 415],
    ['as JSON', 'POST', url, { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }, 403],
    [
      'by a picture',
      'GET',
      `${url}?query={salesUnits{totalCount}}`,
      { 'sec-fetch-site': 'cross-site', accept: 'image/*' },
      403,
    ],
  ])('cannot make the gateway spend calls %s', async (_how, method, target, headers, status) => {
    await using gateway = await startTestGateway();
    const response = await gateway.gateway.fetch(target, {
      method,
      headers,
      ...(method === 'POST' && { body: query }),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(gateway.calls()).toEqual({});
  });

  it('may ask when its origin is listed', async () => {
    await using gateway = await startTestGateway({ env: { CORS_ORIGINS: 'https://good.example' } });
    const response = await post(gateway, { origin: 'https://good.example', 'sec-fetch-site': 'cross-site' });
    expect(response.status).toBe(200);
  });
});

describe('documents', () => {
  it('that are nested too deeply are refused', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query(`{ ${'viewer { '.repeat(10_000)} tenant ${'} '.repeat(10_000)} }`);
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }]);
  });
});

describe('a host name that is not this machine', () => {
  it('is refused, so that no web page can pose as it', async () => {
    await using gateway = await startTestGateway();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: query };
    const response = await gateway.gateway.fetch('http://rebound.example/graphql', init);
    expect(response.status).toBe(421);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(gateway.calls()).toEqual({});
    for (const host of ['localhost', '[::1]:4000', '127.0.0.2'])
      expect((await gateway.gateway.fetch(`http://${host}/graphql`, init)).status).toBe(200);
  });
});

describe('several operations in one request', () => {
  it('are refused as a batch', async () => {
    await using gateway = await startTestGateway();
    const response = await post(gateway, {}, `[${query},${query}]`);
    expect(response.status).toBe(400);
    const { errors } = await response.json();
    expect(errors).toMatchObject([{ extensions: { code: 'BATCHING_NOT_ALLOWED', retryable: false } }]);
    expect(gateway.calls()).toEqual({});
  });
});

describe('a body that is too large', () => {
  const large = JSON.stringify({
    query: '{ __typename }',
    variables: { text: 'x'.repeat(11 * 1024 * 1024) },
  });
  const chunked = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });

  it.each([
    ['announced', large],
    ['sent in chunks', chunked()],
  ])('is answered with 413 when it is %s', async (_how, body) => {
    await using gateway = await startTestGateway();
    await using listening = await listen(gateway);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    const response = await fetch(listening.url, init as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('is taken in chunks as long as it is not', async () => {
    await using gateway = await startTestGateway();
    await using listening = await listen(gateway);
    const body = new Blob([query]).stream();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    const response = await fetch(listening.url, init as RequestInit);
    expect(await response.json()).toEqual({ data: { salesUnits: { totalCount: 50 } } });
  });
});

describe('GraphiQL', () => {
  const browser = { accept: 'text/html', 'accept-encoding': 'gzip' };

  it('is a page of this gateway, with files of this gateway', async () => {
    await using gateway = await startTestGateway();
    const response = await gateway.gateway.fetch(url, { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await response.text();
    expect(html).not.toMatch(/<(script|link|img)[^>]*\s(src|href)=["']?(https?:)?\/\//);
    const files = [...html.matchAll(/<(?:script|link)[^>]*\s(?:src|href)="([^"]*)"/g)].map(
      ([, path]) => path,
    );
    expect(
      files.filter((path) => !/^(\/graphiql\/[\w.-]+\.(js|css)|data:image\/svg\+xml,.*)$/.test(path ?? '')),
    ).toEqual([]);
    expect(files.length).toBeGreaterThan(2);
    for (const name of ['AdminPage', 'OneUnit', 'OpenOrders', 'Prices', 'Changes', 'Live', 'Onboard'])
      expect(html).toContain(name);
  });

  it('may run its own scripts and ask its own gateway, and nothing else', async () => {
    await using gateway = await startTestGateway();
    const response = await gateway.gateway.fetch(url, { headers: { accept: 'text/html' } });
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("worker-src 'self'");
    expect(policy).not.toContain('blob:');
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*|script-src[^;]*unsafe/);
  });

  it('is found from the root', async () => {
    await using gateway = await startTestGateway();
    const response = await gateway.gateway.fetch('http://127.0.0.1/', { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql']);
  });

  it('is compressed for browsers that can read that', async () => {
    await using gateway = await startTestGateway();
    const response = await gateway.gateway.fetch(`${url}?query={__typename}`, { headers: browser });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(await response.arrayBuffer()).toString()).toContain('AdminPage');
  });

  it('has tabs whose operations are valid and answer on the sandbox', async () => {
    await using gateway = await startTestGateway({ directory: true });
    const { graphiqlTabs, tabVariables } = await import('../../../src/server/graphiql/tabs.ts');
    for (const { query: text, variables = '{}' } of graphiqlTabs) {
      const values = JSON.parse(tabVariables(variables, gateway.sandbox.data.msns[0] ?? '', true));
      if (/^subscription/m.test(text)) {
        const response = await gateway.gateway.fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
          body: JSON.stringify({ query: text, variables: values }),
        });
        const reader = response.body?.getReader();
        const first = new TextDecoder().decode((await reader?.read())?.value);
        expect(first).toContain('"caughtUp":true');
        await reader?.cancel();
        continue;
      }
      const { data, errors } = await gateway.query(text, values);
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data).length).toBeGreaterThan(100);
    }
  });
});
