import { expect, it } from 'vitest';
import { fromJson, toJson } from '../../../src/store/directory/json.ts';
import { BROKEN } from '../../../src/upstream/models/broken.ts';
import { UNUSABLE_LINK } from '../../../src/upstream/models/link.ts';

it.each([
  [{ name: BROKEN, lines: ['a', BROKEN], link: UNUSABLE_LINK, none: null, count: 1 }],
  [
    new Map<unknown, unknown>([
      ['a', new Map()],
      [true, new Set([1, null])],
    ]),
  ],
  [new Set()],
  ['broken \\u0000 by hand'],
  [[{ map: 1 }, { set: [1] }]],
])('writes and reads %s', (value) => expect(fromJson(toJson(value))).toEqual(value));
