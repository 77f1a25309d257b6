import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createDocumentCache, createParseErrorCache } from '../../../src/server/limits/document-cache.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const MEBIBYTE = 1024 * 1024;

/** What the heap has more after the work than before, without what nobody holds. */
function heapGrowth(work: () => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  work();
  collect();
  return process.memoryUsage().heapUsed - before;
}

describe('the cache of documents', () => {
  it.each([
    ['many words', 100, (index: number) => `{ ${'a '.repeat(2_900)} b${index} }`],
    ['many values', 100, (index: number) => `{ a(b: [${'1 '.repeat(2_900)} ${index}]) }`],
    ['long texts', 400, (index: number) => `{ a(b: "${'x'.repeat(60_000)}${index}") }`],
    ['little of all', 30_000, (index: number) => `{ a${index} }`],
  ])('is bounded by what documents take, be it of %s', (_what, count, text) => {
    const cache = createDocumentCache();
    const growth = heapGrowth(() => {
      for (let index = 0; index < count; index++) cache.set(text(index), parse(text(index)));
    });
    expect(cache.size).toBeLessThan(count);
    expect(cache.size).toBeGreaterThan(5);
    expect(growth).toBeLessThan(40 * MEBIBYTE);
  });

  it('keeps what is asked for among what is not', () => {
    const cache = createDocumentCache();
    const hot = '{ salesUnits { totalCount } }';
    const document = parse(hot);
    let hits = 0;
    for (let index = 0; index < 300; index++) {
      if (cache.get(hot)) hits++;
      else cache.set(hot, document);
      const cold = `{ ${'a '.repeat(500)} b${index} }`;
      cache.set(cold, parse(cold));
    }
    expect(hits).toBe(299);
  });
});

describe('the cache of syntax errors', () => {
  it('is bounded, too', () => {
    const cache = createParseErrorCache();
    const growth = heapGrowth(() => {
      for (let index = 0; index < 1_000; index++)
        cache.set(`{ ${index} ${'x'.repeat(20_000)}`, new GraphQLError(`Syntax Error: ${index}`));
    });
    expect(cache.size).toBeLessThan(200);
    expect(growth).toBeLessThan(8 * MEBIBYTE);
  });
});
