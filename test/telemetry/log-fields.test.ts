import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/telemetry/log.ts';
import { Secret } from '../../src/upstream/keys/secret.ts';

const LONGEST_LINE = 8 * 1024;

function logging() {
  const lines: string[] = [];
  const log = createLog('trace', { write: (line: string) => void lines.push(line) });
  return { log, lines };
}

const forged = 'a\u202e\u2066\u0000\u001b[2J\r\n{"level":"fatal"}\u2028';
const quotes = '"\\'.repeat(100_000);
const wide = '株'.repeat(100_000);

function deep(levels: number): unknown {
  return levels === 0 ? forged : { [forged]: deep(levels - 1), list: [deep(0), forged] };
}

function nested(levels: number): Error {
  const cause = levels === 0 ? quotes : nested(levels - 1);
  return Object.assign(new Error(wide, { cause }), { body: 'hidden-body', code: quotes });
}

describe('a log line', () => {
  it.each<[what: string, fields: object]>([
    ['a forged text', { caller: forged }],
    ['a text of quotes', { caller: quotes }],
    ['a text outside ASCII', { caller: wide }],
    [
      'many fields',
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${forged}${index}`, wide])),
    ],
    ['a long list', { path: Array.from({ length: 100_000 }, () => quotes) }],
    ['a deep object', { problem: deep(8) }],
    ['an error with causes', { err: nested(10) }],
    ['an error in another field', { reason: nested(2), list: [nested(1)] }],
    [
      'a problem',
      {
        problem: {
          title: wide,
          detail: quotes,
          extraDetails: Array(50).fill({ name: wide, reason: quotes }),
        },
      },
    ],
  ])('is one line of 8 KB at most without control characters: %s', (_what, fields) => {
    const { log, lines } = logging();
    const child = log.child({ requestId: quotes, other: wide });
    child.warn(fields, `${forged}${wide}`);
    child.error(fields, quotes);
    log.info(fields);
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LONGEST_LINE);
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u202e\u2066\u2028]/u);
      expect(JSON.stringify(JSON.parse(line))).not.toMatch(/\\u00|\\n|\\r|\u202e|hidden-body/u);
    }
  });

  it('has what an error is, where it is from and what is behind it', () => {
    const { log, lines } = logging();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const err = new TypeError('broken', { cause });
    log.error({ err }, 'unexpected failure');
    log.error(err);
    log.error({ err });
    for (const line of lines)
      expect(JSON.parse(line).err).toMatchObject({
        type: 'TypeError',
        message: 'broken',
        cause: { message: 'refused', code: 'ECONNREFUSED' },
        stack: expect.arrayContaining([expect.stringContaining('log-fields.test.ts')]),
      });
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['unexpected failure', 'broken', 'broken']);
  });

  it('leaves ordinary fields alone, and prints no secret', () => {
    const { log, lines } = logging();
    log.info(
      {
        status: 200,
        ok: true,
        none: undefined,
        nothing: null,
        name: 'Ås 👩‍👧',
        at: new Date(0),
        key: new Secret('x'),
      },
      'ok',
    );
    const { time: _time, ...line } = JSON.parse(lines[0] ?? '');
    expect(line).toEqual({
      level: 'info',
      status: 200,
      ok: true,
      nothing: null,
      name: 'Ås 👩‍👧',
      at: '1970-01-01T00:00:00.000Z',
      key: '[redacted]',
      msg: 'ok',
    });
  });
});
