import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createGraphiqlPage } from '../../../src/server/graphiql/page.ts';
import { startTestGateway } from '../../support/gateway.ts';

const url = 'http://127.0.0.1/graphql';
const html = { accept: 'text/html' };
const zipped = { ...html, 'accept-encoding': 'gzip, br' };

it('is made once for all visitors', async () => {
  const readPage = createGraphiqlPage();
  const [first, second] = await Promise.all([readPage(), readPage()]);
  expect(first).toBe(second);
  expect(brotliDecompressSync(first.br.body)).toEqual(first.identity.body);
  expect(gunzipSync(first.gzip.body)).toEqual(first.identity.body);
});

it('is sent once to a browser, which then only asks whether it has changed', async () => {
  await using gateway = await startTestGateway();
  const page = await gateway.gateway.fetch(url, { headers: zipped });
  const tag = page.headers.get('etag') ?? '';
  expect(tag).toMatch(/^"[\w-]+-br"$/);
  expect(page.headers.get('cache-control')).toBe('private, no-cache');
  for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    const again = await gateway.gateway.fetch(url, { headers: { ...zipped, 'if-none-match': known } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('etag')).toBe(tag);
    expect(again.headers.get('content-security-policy')).toBe(page.headers.get('content-security-policy'));
  }
  for (const other of ['"x"', tag.replace('-br', ''), tag.slice(1, -1)]) {
    const changed = await gateway.gateway.fetch(url, { headers: { ...zipped, 'if-none-match': other } });
    expect(changed.status).toBe(200);
    await changed.body?.cancel();
  }
});

it.each([
  ['br', 'br'],
  ['gzip', 'gzip'],
  ['gzip, br', 'br'],
  ['br;q=0.1, GZIP;q=0.5', 'gzip'],
  ['*', 'br'],
  ['deflate', null],
  ['gzip;q=0', null],
  ['gzip; q=0.000', null],
  ['notgzip', null],
])('is encoded as Accept-Encoding says: %s', async (accepted, expected) => {
  await using gateway = await startTestGateway();
  const response = await gateway.gateway.fetch(url, { headers: { ...html, 'accept-encoding': accepted } });
  const { headers } = response;
  expect(headers.get('content-encoding')).toBe(expected);
  expect(headers.get('vary')).toBe('Accept, Accept-Encoding');
  const body = Buffer.from(await response.arrayBuffer());
  expect(headers.get('content-length')).toBe(String(body.length));
  const text = expected === 'br' ? brotliDecompressSync(body) : expected ? gunzipSync(body) : body;
  expect(text.toString()).toMatch(/^<!doctype html>[\s\S]*AdminPage[\s\S]*<\/html>\s*$/);
});

it('carries its configuration as data that cannot end its element', async () => {
  const notice = { kind: 'other', label: '</script><b>&', text: '<!--' } as const;
  const page = await createGraphiqlPage({ notice })();
  const text = page.identity.body.toString();
  const [, json = ''] =
    /<script type="application\/json" id="page-config">\s*(.*?)\s*<\/script>/s.exec(text) ?? [];
  expect(JSON.parse(json).notice).toEqual(notice);
  expect(text).toContain('<title>Management API – &lt;/script>&lt;b>&amp;</title>');
  expect(text).not.toContain('<!--');
});

it('is asked for again until it has been built, and says so meanwhile', async () => {
  const page = { folder: new URL('file:///nowhere/graphiql/') };
  await using gateway = await startTestGateway({ gateway: { page } });
  for (const _attempt of [1, 2]) {
    const response = await gateway.gateway.fetch(url, { headers: html });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      errors: [
        { message: expect.stringContaining('was not built. Run npm ci'), extensions: { code: 'INTERNAL' } },
      ],
    });
  }
  expect((await gateway.query('{ __typename }')).data).toEqual({ __typename: 'Query' });
});

it('orders at the first click only from the sandbox', async () => {
  const variablesWith = async (kind: 'sandbox' | 'real' | 'other') => {
    const page = await createGraphiqlPage({ notice: { kind, label: '', text: '' } })();
    return page.identity.body.toString().includes('\\"dryRun\\": true');
  };
  expect(
    await Promise.all([variablesWith('sandbox'), variablesWith('real'), variablesWith('other')]),
  ).toEqual([false, true, true]);
});
