import { describe, expect, it } from 'vitest';
import { bodyOf, RawAnswers } from '../../bench/comparison/raw-answers.ts';
import { createRequestText } from '../../bench/comparison/request-text.ts';

const head = (fields: string, status = '200 OK') => `HTTP/1.1 ${status}\r\n${fields}\r\n\r\n`;
const whole = (body: string) => head(`Content-Length: ${Buffer.byteLength(body)}`) + body;
const body = '{"data":{"name":"Tøyen"}}';
const chunked = `${head('Transfer-Encoding: chunked')}9\r\n${body.slice(0, 9)}\r\n11\r\n${body.slice(9)}\r\n0\r\n\r\n`;

/** Adds an answer in pieces of so many bytes. Returns what came out, and after how many pieces. */
function addInPieces(text: string, size: number, keeps = true) {
  const bytes = Buffer.from(text);
  const answers = new RawAnswers();
  answers.expect(keeps);
  for (let from = 0; from < bytes.length; from += size) {
    const answer = answers.add(bytes.subarray(from, from + size));
    if (answer) return { answer, isLast: from + size >= bytes.length };
  }
  return undefined;
}

describe('answers that the load reads', () => {
  it.each([1, 2, 7, 40, 10_000])('are complete after the last byte, in pieces of %d bytes', (size) => {
    for (const text of [whole(body), chunked]) {
      const found = addInPieces(text, size);
      expect(found?.isLast).toBe(true);
      expect(found?.answer.ok).toBe(true);
      expect(bodyOf(found?.answer.text ?? '')).toBe(body);
    }
  });

  it('are not kept unless they are wanted', () => {
    expect(addInPieces(whole(body), 10_000, false)?.answer).toEqual({ ok: true, text: undefined });
  });

  it('are failures with another status or with errors, and are kept then', () => {
    const refused = head('content-length: 2', '429 Too Many Requests');
    expect(addInPieces(`${refused}{}`, 10_000, false)?.answer).toEqual({ ok: false, text: `${refused}{}` });
    const wrong = addInPieces(whole('{"data":null,"errors":[{"message":"no"}]}'), 10_000, false);
    expect(wrong?.answer.ok).toBe(false);
    expect(wrong?.answer.text).toContain('"no"');
  });

  it('come one after the other', () => {
    const answers = new RawAnswers();
    answers.expect(false);
    const refused = Buffer.from(`${head('content-length: 2', '500 No')}{}`);
    expect(answers.add(refused)?.ok).toBe(false);
    answers.expect(true);
    expect(answers.add(Buffer.from(whole(body)))).toMatchObject({ ok: true });
  });
});

describe('requests that the load writes', () => {
  const order = {
    url: 'http://127.0.0.1:4000/graphql',
    headers: { 'x-name': 'value' },
    authorizations: ['Bearer a', 'Bearer b'],
    plan: { query: 'query Unit { aPASS: unit }', variables: ['{"msn":"1"}', '{"msn":"2"}'] },
  };
  const text = createRequestText(order);

  it('use all variables in turns, and another alias in each pass', () => {
    const bodyAt = (request: number) => JSON.parse(text(request).split('\r\n\r\n')[1] ?? '');
    expect([0, 1, 2, 5].map(bodyAt)).toEqual([
      { query: 'query Unit { a0: unit }', variables: { msn: '1' } },
      { query: 'query Unit { a0: unit }', variables: { msn: '2' } },
      { query: 'query Unit { a1: unit }', variables: { msn: '1' } },
      { query: 'query Unit { a2: unit }', variables: { msn: '2' } },
    ]);
  });

  it('come from all callers in turns, each with all variables', () => {
    const plan = { ...order.plan, query: 'query Unit { unit }' };
    for (const write of [text, createRequestText({ ...order, plan })]) {
      const callers = [0, 1, 2, 3, 4].map(
        (request) => /authorization: Bearer (\w)/.exec(write(request))?.[1],
      );
      expect(callers).toEqual(['a', 'a', 'b', 'b', 'a']);
    }
  });

  it('carry their length and the headers', () => {
    const [head = '', content = ''] = text(0).split('\r\n\r\n');
    expect(head.split('\r\n')).toEqual([
      'POST /graphql HTTP/1.1',
      'host: 127.0.0.1:4000',
      'content-type: application/json',
      'x-name: value',
      'authorization: Bearer a',
      `content-length: ${content.length}`,
    ]);
  });
});
