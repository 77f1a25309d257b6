import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeFile } from '../../../src/config/files/file-text.ts';
import { readTrustedDocuments } from '../../../src/config/trusted-documents.ts';
import { startTestGateway } from '../../support/gateway.ts';

const trusted = 'query Names($first: Int) { salesUnits(first: $first) { totalCount } }';
const other = '{ salesUnits { nodes { msn } } }';
const sha256 = (text: string) => hash('sha256', text);
const md5 = hash('md5', trusted);
const byId = new Map([
  [sha256(trusted), trusted],
  [md5, trusted],
]);
const apq = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

async function start(only: boolean) {
  const gateway = await startTestGateway({ gateway: { trustedDocuments: { byId, only } } });
  const send = async (body: object) => {
    const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    const { data, errors } = await response.json();
    return { status: response.status, data, code: errors?.[0]?.extensions.code };
  };
  return { ...gateway, send };
}

const answer = { status: 200, data: { salesUnits: { totalCount: 50 } } };
const notFound = { status: 400, code: 'PERSISTED_QUERY_NOT_FOUND' };

describe('trusted documents', () => {
  it.each([
    ['documentId', { documentId: sha256(trusted) }],
    ['documentId with its algorithm', { documentId: `sha256:${sha256(trusted)}` }],
    ['a hash with its algorithm', apq(`sha256:${sha256(trusted)}`)],
    ['a hash in capitals', apq(sha256(trusted).toUpperCase())],
    ['documentId of another hash', { documentId: md5 }],
    ['extensions.persistedQuery', apq(sha256(trusted))],
    ['both', { documentId: md5, query: trusted }],
    ['the text itself', { query: trusted }],
    ['the text with its hash', { query: trusted, ...apq(sha256(trusted)) }],
  ])('are asked for by %s', async (_how, body) => {
    await using gateway = await start(true);
    expect(await gateway.send({ ...body, variables: { first: 1 } })).toMatchObject(answer);
  });

  it.each([
    ['another text', { query: other }],
    ['an unknown id', { documentId: sha256(other) }],
    ['an unknown hash', apq(sha256(other))],
    ['a text with its own hash', { query: other, ...apq(sha256(other)) }],
    ['a text behind the id of another', { query: other, documentId: md5 }],
    ['a trusted text with another hash', { query: trusted, ...apq(sha256(other)) }],
    ['two ids', { documentId: md5, ...apq(sha256(other)) }],
    ['a name of every object', { documentId: '__proto__' }],
    ['a trusted text with a space more', { query: `${trusted} ` }],
  ])('are the only ones: %s is refused', async (_what, body) => {
    await using gateway = await start(true);
    expect(await gateway.send(body)).toMatchObject(notFound);
    expect(gateway.sandbox.stats()).toMatchObject({ calls: {}, tokenCalls: 0 });
  });

  it('can be used together with other documents', async () => {
    await using gateway = await start(false);
    expect(await gateway.send({ documentId: md5 })).toMatchObject(answer);
    expect(await gateway.send({ query: other })).toMatchObject({ status: 200 });
    expect(await gateway.send({ query: other, ...apq(sha256(trusted)) })).toMatchObject(notFound);
    expect(await gateway.send({ query: other, ...apq('0') })).toMatchObject(notFound);
  });

  it('are not added to by a request', async () => {
    await using gateway = await start(false);
    expect(await gateway.send(apq(sha256(other)))).toMatchObject(notFound);
    expect(await gateway.send({ query: other, ...apq(sha256(other)) })).toMatchObject({ status: 200 });
    expect(await gateway.send(apq(sha256(other)))).toMatchObject(notFound);
  });

  it.each([
    ['nothing', {}],
    ['ids that are no texts', { documentId: { a: 1 }, ...apq([1]) }],
    ['a query that is no text', { query: {} }],
  ])('are not what %s asks for', async (_what, body) => {
    await using gateway = await start(true);
    expect(await gateway.send(body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });
});

const SHAPE =
  'must be an object that maps hashes to documents, as Relay and graphql-codegen write it, or a manifest of Apollo';
const manifest = (operations: readonly object[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});

describe('the file of trusted documents', () => {
  it.each([
    ['Relay writes, with MD5', { [md5]: trusted }, md5],
    ['graphql-codegen writes, with SHA-1', { [hash('sha1', trusted)]: trusted }, hash('sha1', trusted)],
    ['graphql-codegen writes, with a prefix', { [`sha256:${sha256(trusted)}`]: trusted }, sha256(trusted)],
    [
      'Apollo writes',
      manifest([{ id: sha256(trusted), body: trusted, name: 'Names', type: 'query' }]),
      sha256(trusted),
    ],
    ['Apollo writes, with other ids', manifest([{ id: 'Names', body: trusted }]), 'Names'],
  ])('is what %s', (_who, file, id) => {
    for (const mark of ['', '\ufeff'])
      expect(readTrustedDocuments(decodeFile(Buffer.from(mark + JSON.stringify(file))))).toEqual({
        byId: new Map([[id, trusted]]),
      });
  });

  it('is hash → document', () => {
    expect(readTrustedDocuments(JSON.stringify(Object.fromEntries(byId)))).toEqual({ byId });
  });

  it.each([
    ['no JSON', '{', 'is not valid JSON at line 1, column 2'],
    ['a list', '["{ a }"]', SHAPE],
    ['another manifest', '{"format":"other","operations":[]}', SHAPE],
    ['a manifest without bodies', JSON.stringify({ ...manifest([]), operations: [{ id: 'a' }] }), SHAPE],
    ['an empty manifest', JSON.stringify(manifest([])), 'must have at least one document'],
    ['nothing', '{}', 'must have at least one document'],
    [
      'another document’s hash',
      JSON.stringify({ [sha256(other)]: trusted }),
      `${sha256(other)}: is not the SHA-256 of its document`,
    ],
    ['no document', '{"a":"{"}', 'a: is not a GraphQL document'],
  ])('is refused with %s', (_what, text, mistake) => {
    expect(readTrustedDocuments(text)).toEqual({ mistakes: [mistake] });
  });
});

describe('clients that begin with the hash of a document', () => {
  const first = async (gateway: Awaited<ReturnType<typeof startTestGateway>>) => {
    const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(apq(sha256(other))),
    });
    return (await response.json()).errors[0];
  };

  it('learn in their own words that the document is not there, or that none is ever there', async () => {
    await using trusting = await start(false);
    expect(await first(trusting)).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
    await using plain = await startTestGateway();
    expect(await first(plain)).toMatchObject({
      message: 'PersistedQueryNotSupported',
      extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    });
  });
});
