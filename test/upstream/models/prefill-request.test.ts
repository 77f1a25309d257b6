import { describe, expect, it } from 'vitest';
import { PrefillRequest } from '../../../src/upstream/models/prefill-request.ts';

const SIGN = '\u{1f9c0}';
const withScheme = (scheme: string) => ({
  businessIdentifier: { scheme, id: '123456785' },
  productType: 'LOGIN',
});
const codesOf = (scheme: string) =>
  PrefillRequest.safeParse(withScheme(scheme))
    .error?.issues.filter(({ path }) => path.at(-1) === 'scheme')
    .map((issue) => issue.code === 'custom' && issue.params?.['code']) ?? [];

describe('the length of a text', () => {
  it.each([
    [9, ['TOO_SHORT']],
    [10, []],
    [30, []],
    [31, ['TOO_LONG']],
  ])('counts characters, not UTF-16 units: %i', (count, codes) => {
    expect(codesOf(SIGN.repeat(count))).toEqual(codes);
    expect(codesOf('x'.repeat(count))).toEqual(codes);
  });

  it('takes no time for a long text', () => {
    const scheme = 'x'.repeat(900_000);
    const started = process.threadCpuUsage();
    for (let round = 0; round < 20; round++) expect(codesOf(scheme)).toEqual(['TOO_LONG']);
    const { user, system } = process.threadCpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(50);
  });
});
