import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { storageWithoutHeaders } from '../../graphiql/src/storage.ts';

const KEY = 'mg_typed';
let kept: Record<string, string>;

beforeEach(() => {
  kept = {};
  // Keys of the browser's storage are properties of it, its methods are not.
  const methods = {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
    removeItem: (key: string) => {
      delete kept[key];
    },
  };
  const ownKeys = () => Object.keys(kept);
  const getOwnPropertyDescriptor = () => ({ configurable: true, enumerable: true });
  vi.stubGlobal('localStorage', new Proxy(methods, { ownKeys, getOwnPropertyDescriptor }));
});
afterEach(() => vi.unstubAllGlobals());

it.each(['graphiql:tabState', 'graphiql:queries', 'graphiql:favorites'])(
  'stores %s without headers',
  (key) => {
    storageWithoutHeaders.setItem(key, JSON.stringify({ tabs: [{ query: '{ a }', headers: KEY }] }));
    expect(JSON.parse(kept[key] ?? '')).toEqual({ tabs: [{ query: '{ a }', headers: null }] });
  },
);

it.each(['{ viewer { tenant } }', '{"a":1,  "headers": "mine"}'])(
  'stores any other text as it is: %s',
  (text) => {
    storageWithoutHeaders.setItem('graphiql:query', text);
    expect(kept['graphiql:query']).toBe(text);
  },
);

it('never stores the text of the header editor', () => {
  storageWithoutHeaders.setItem('graphiql:headers', KEY);
  expect(kept).toEqual({});
});

it('clears what is its own only', () => {
  kept = { 'graphiql:query': 'a', 'other:app': 'b' };
  storageWithoutHeaders.clear();
  expect(kept).toEqual({ 'other:app': 'b' });
});
