import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  acceptedEvents,
  answerTypeFor,
  encodingFor,
  isJsonText,
} from '../../../src/server/http/media-type.ts';
import { startTestGateway } from '../../support/gateway.ts';

const RESPONSE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

describe('the media type of an answer', () => {
  it.each([
    [null, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['Application/GraphQL-Response+JSON', RESPONSE],
    ['application/json;q=0.1, application/graphql-response+json;q=0.9', RESPONSE],
    [' application/graphql-response+json ; charset="UTF-8" , application/json;q=0.9', RESPONSE],
    ['application/json, application/graphql-response+json', JSON_TYPE],
    ['text/html, */*;q=0.1', JSON_TYPE],
    ['multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9', RESPONSE],
    ['application/json;q=0', undefined],
    ['text/event-stream, application/json', JSON_TYPE],
    ['multipart/mixed', undefined],
    ['nonsense', undefined],
  ])('%s → %s', async (accept, type) => {
    expect(answerTypeFor(accept)).toBe(type);
    await using gateway = await startTestGateway();
    const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE, ...(accept !== null && { accept }) },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(type ? 200 : 406);
    if (type) expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  });
});

describe('the form of events', () => {
  it.each([
    [null, undefined],
    ['*/*', undefined],
    ['application/json', undefined],
    ['text/event-stream', 'text/event-stream'],
    ['Text/Event-Stream;charset=utf-8', 'text/event-stream'],
    ['text/event-stream, multipart/mixed', 'text/event-stream'],
    ['text/event-stream;q=0, multipart/mixed;subscriptionSpec=1.0', 'multipart/mixed'],
    [
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/graphql-response+json,application/json;q=0.9',
      'multipart/mixed',
    ],
    ['multipart/mixed;deferSpec=20220824', undefined],
    ['multipart/mixed', undefined],
  ])('%s → %s', (accept, type) => expect(acceptedEvents(accept)).toBe(type));

  it('is used for a single result if the client accepts nothing else', async () => {
    await using gateway = await startTestGateway();
    const ask = async (accept: string, query: string) => {
      const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': JSON_TYPE, accept },
        body: JSON.stringify({ query }),
      });
      return [response.status, response.headers.get('content-type'), await response.text()];
    };
    const json = '{"data":{"__typename":"Query"}}';
    expect(await ask('text/event-stream', '{ __typename }')).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      `event: next\ndata: ${json}\n\nevent: complete\ndata: \n\n`,
    ]);
    expect(await ask('multipart/mixed;subscriptionSpec=1.0', '{ __typename }')).toEqual([
      200,
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
      `\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{"payload":${json}}\r\n--graphql--\r\n`,
    ]);
    const [status, type] = await ask('text/event-stream', '{ nothing }');
    expect([status, type]).toEqual([400, `${RESPONSE}; charset=utf-8`]);
  });
});

describe('JSON in UTF-8', () => {
  it.each(['application/json', 'APPLICATION/JSON;CHARSET=UTF-8', 'application/json;profile="a;b"'])(
    'is %s',
    (type) => expect(isJsonText(type)).toBe(true),
  );
  it.each([
    null,
    '',
    'application/json, text/plain',
    'text/json',
    'application/json;charset=utf-16',
    'application',
  ])('is not %s', (type) => expect(isJsonText(type)).toBe(false));
});

describe('the encoding of an answer', () => {
  it.each([
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['*', 'zstd'],
    ['br;q=0.5, gzip', 'gzip'],
    ['zstd;q=0, *', 'br'],
    ['identity', undefined],
    ['deflate', undefined],
    ['gzip;q=0', undefined],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s → %s', (accept, encoding) => expect(encodingFor(accept, ['zstd', 'br', 'gzip'])).toBe(encoding));

  const unpack = {
    gzip: promisify(zlib.gunzip),
    br: promisify(zlib.brotliDecompress),
    ...(zlib.zstdDecompress && { zstd: promisify(zlib.zstdDecompress) }),
  } as Record<string, (bytes: Buffer) => Promise<Buffer>>;

  it.each(Object.keys(unpack))('is %s, and the answer is the same, short or long', async (encoding) => {
    await using gateway = await startTestGateway({ sandbox: { units: 4_000 } });
    const send = async (accept: string | undefined, first: number) => {
      const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': JSON_TYPE, ...(accept && { 'accept-encoding': accept }) },
        body: JSON.stringify({
          query: Array.from(
            { length: 4 },
            (_, i) => `a${i}: salesUnits(first: ${first}) { edges { cursor node { id msn name } } }`,
          )
            .join(' ')
            .replace(/^/, '{ ')
            .concat(' }'),
        }),
      });
      return { headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
    };
    for (const first of [0, 50, 1_000]) {
      const plain = await send(undefined, first);
      const packed = await send(encoding, first);
      expect(plain.headers.get('content-encoding')).toBeNull();
      if (first === 0) {
        expect(packed.headers.get('content-encoding')).toBeNull();
        continue;
      }
      expect(packed.headers.get('content-encoding')).toBe(encoding);
      expect(packed.headers.get('vary')).toContain('Accept-Encoding');
      expect(Number(packed.headers.get('content-length'))).toBe(packed.bytes.length);
      expect((await unpack[encoding]?.(packed.bytes))?.equals(plain.bytes)).toBe(true);
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3);
    }
  });
});
