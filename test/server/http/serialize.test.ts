import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerLength } from '../../../src/server/http/answer-length.ts';
import { serialize } from '../../../src/server/http/serialize.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 8 });
// As answers are: no key needs an escape.
const { tree: answer } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'large', maxDepth: 5 },
    fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 6 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

describe('a long answer', () => {
  it('is the same text as one made in one go', async () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => ({
      msn: `${index}`,
      name: 'Søstjerne "1"\n',
      no: null,
    }));
    for (const data of [
      { a: { nodes: rows, empty: [], none: {}, absent: undefined } },
      rows,
      'x'.repeat(2 ** 20),
    ]) {
      let turns = 0;
      const text = await serialize(data, async () => {
        turns++;
      });
      expect(text).toBe(JSON.stringify(data));
      expect(turns).toBeGreaterThan(0);
    }
    await fc.assert(
      fc.asyncProperty(answer, async (data) => {
        expect(await serialize(data, async () => {})).toBe(JSON.stringify(data));
      }),
    );
  });

  it('is measured at about the length of its text, and no further than asked', () => {
    fc.assert(
      fc.property(answer, (data) => {
        const length = JSON.stringify(data).length;
        const measured = answerLength(data, Number.MAX_SAFE_INTEGER);
        // An escape takes up to six characters for one.
        expect(measured).toBeGreaterThanOrEqual(length / 6);
        expect(measured).toBeLessThanOrEqual(2 * length + 2);
        if (measured > 1) expect(answerLength(data, measured - 1)).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });
});
