import { describe, expect, it } from 'vitest';
import { ok } from '../../../src/sandbox/answers/answer.ts';
import { createProblems } from '../../../src/sandbox/answers/problem.ts';
import { createIdempotencyStore } from '../../../src/sandbox/api/idempotency.ts';
import { defaultPolicy } from '../../../src/sandbox/policy/policy.ts';
import type { Caller } from '../../../src/sandbox/world/caller.ts';
import { createClock } from '../../../src/sandbox/world/clock.ts';

const caller: Caller = { kind: 'partner', partner: 'one' };

/** Sends requests to a store and counts those that did work. */
function createWorker(idempotencyMemoryKeys = 10) {
  const policy = { ...defaultPolicy, idempotencyMemoryKeys };
  const store = createIdempotencyStore({ policy, problems: createProblems(policy), clock: createClock() });
  let works = 0;
  const run = (key: string, body: string | Buffer) =>
    store.answer(caller, key, Buffer.from(body), () => ok({ work: ++works })).status;
  return { run, works: () => works, clear: store.clear };
}

describe('the store of idempotency keys', () => {
  it('drops the oldest key when it is full', () => {
    const { run, works } = createWorker(2);
    for (const key of ['a', 'b', 'c']) run(key, '{}');
    run('b', '{}');
    run('c', '{}');
    expect(works()).toBe(3);
    run('a', '{}');
    expect(works()).toBe(4);
  });

  it.each([
    ['an item is moved', '{"a":[1,2]}', '{"a":[2,1]}'],
    ['a number becomes a string', '{"a":1}', '{"a":"1"}'],
    ['a list becomes an object', '{"a":["b"]}', '{"a":{"0":"b"}}'],
    ['null takes the place of nothing', '{}', '{"a":null}'],
    ['a prototype is named', '{}', '{"__proto__":{"a":1}}'],
    ['no JSON changes', 'x', 'y'],
    ['a number beyond all numbers becomes null', '{"a":1e999}', '{"a":null}'],
    ['one of them becomes another', '{"a":1e999}', '{"a":1e998}'],
    ['the last digit of a long number changes', '{"a":9007199254740993}', '{"a":9007199254740992}'],
    ['a byte changes that is no UTF-8', Buffer.from([0x22, 0xfe, 0x22]), Buffer.from([0x22, 0xff, 0x22])],
  ])('tells two bodies apart when %s', (_, one, other) => {
    const { run } = createWorker();
    expect([run('key', one), run('key', one), run('key', other)]).toEqual([200, 200, 409]);
  });

  it.each([
    ['{"a":1.50,"b":[true,null,"x"]}', ' {"b" : [true, null, "x"], "a" : 1.50 } '],
    ['{"a":"é"}', '{"a":"\\u00e9"}'],
  ])('takes two bodies for the same that are written differently: %s', (one, other) => {
    const { run } = createWorker();
    expect([run('key', one), run('key', other)]).toEqual([200, 200]);
  });

  it('takes a body that is nested deeper than the stack', () => {
    const { run } = createWorker();
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect([run('key', deep), run('key', deep)]).toEqual([200, 200]);
  });
});
