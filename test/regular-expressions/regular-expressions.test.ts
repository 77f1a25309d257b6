import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { checkSync } from 'recheck/lib/browser.js';
import { describe, expect, it } from 'vitest';
import { findPatterns } from './find-patterns.ts';

// What clients and the upstream write may have a megabyte: a pattern that is quadratic on it blocks the process for
// minutes. The checker is the part of recheck that is JavaScript alone, so the verdict is the same on every machine. Its
// automaton proves; its other method, which tries texts, does not. Lookarounds and back-references can't be proved.
const options = { checker: 'automaton', timeout: 60_000 } as const;
const PATIENCE_MS = 180_000;

/** Says why a pattern is not proved to be linear; undefined when it is. */
function superlinear(source: string, flags: string): string | undefined {
  const verdict = checkSync(source, flags, options);
  if (verdict.status === 'safe') return undefined;
  return verdict.status === 'unknown' ? verdict.error.kind : verdict.complexity.summary;
}

describe('the regular expressions of the sources', () => {
  it('are linear, each of them', { timeout: PATIENCE_MS }, async () => {
    const found = new Map<string, { source: string; flags: string; file: string }>();
    const unreadable: string[] = [];
    for await (const file of glob('src/**/*.ts')) {
      const { patterns, ...rest } = findPatterns(file, readFileSync(file, 'utf8'));
      unreadable.push(...rest.unreadable);
      for (const { source, flags } of patterns) found.set(`/${source}/${flags}`, { source, flags, file });
    }
    const verdicts = [...found].flatMap(([pattern, { source, flags, file }]) => {
      const complexity = superlinear(source, flags);
      return complexity ? [`${file}: ${pattern} ${complexity}`] : [];
    });
    expect(verdicts).toEqual([]);
    expect(unreadable).toEqual([]);
    expect(found.size).toBeGreaterThan(40);
  });
});

describe('the checker', () => {
  it.each([
    // The one that blocked the gateway for seconds.
    [String.raw`^([^:]* cannot represent [^:]*):[\s\S]*$`, '', '2nd degree polynomial'],
    ['(a|a)*$', '', 'exponential'],
    [String.raw`\s+$`, '', '2nd degree polynomial'],
    ['<script[^>]*>(.*?)</script>', 's', '2nd degree polynomial'],
    [String.raw`^(a+)\1$`, '', 'unsupported'],
  ])('tells that %s is not linear', { timeout: PATIENCE_MS }, (source, flags, complexity) => {
    expect(superlinear(source, flags)).toBe(complexity);
  });

  it.each([
    ['a literal', 'const a: RegExp = /x+$/u;', [{ source: 'x+$', flags: 'u' }]],
    [
      'a literal in a template',
      'const a = `$' + '{"/no/".replace(/y/g, "")}`;',
      [{ source: 'y', flags: 'g' }],
    ],
    [
      'the constructor',
      "f(new RegExp('z', 'i'), RegExp('w'));",
      [
        { source: 'z', flags: 'i' },
        { source: 'w', flags: '' },
      ],
    ],
    ['no division and no comment', 'const a = b / c / d; // /e/\n/* /f/ */ "/g/";', []],
  ])('is given %s', (_what, text, patterns) => {
    expect(findPatterns('a.ts', text)).toEqual({ patterns, unreadable: [] });
  });

  it('is not given what is put together at run time, which is reported', () => {
    const text = '\nconst a = new RegExp(b + `+`), c = globalThis.RegExp(d);';
    expect(findPatterns('a.ts', text)).toEqual({ patterns: [], unreadable: ['a.ts:2', 'a.ts:2'] });
  });
});
