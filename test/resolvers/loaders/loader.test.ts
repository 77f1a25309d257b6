import { describe, expect, it } from 'vitest';
import { Loader } from '../../../src/resolvers/loaders/loader.ts';

describe('a loader', () => {
  it('returns a value that it has loaded without a promise', async () => {
    const loader = new Loader(() => (key: string) => Promise.resolve(`value of ${key}`));
    expect(loader.get('a')).toBeInstanceOf(Promise);
    await loader.load('a');
    expect(loader.get('a')).toBe('value of a');
  });

  it('returns a value that is known elsewhere without a promise, and asks for it once', () => {
    const asked: string[] = [];
    const loader = new Loader<string, string | null>(
      () => () => {
        throw new Error('not needed');
      },
      {
        known: (key) => {
          asked.push(key);
          return key === 'absent' ? null : `value of ${key}`;
        },
      },
    );
    expect([loader.get('a'), loader.get('absent'), loader.get('a')]).toEqual([
      'value of a',
      null,
      'value of a',
    ]);
    expect(asked).toEqual(['a', 'absent']);
  });

  it('loads a key once, also one that does not exist', async () => {
    const asked: string[] = [];
    const loader = new Loader<string, string | null>(() => async (key) => {
      asked.push(key);
      return null;
    });
    await Promise.all([loader.get('a'), loader.load('a')]);
    expect(loader.get('a')).toBeNull();
    expect(asked).toEqual(['a']);
  });

  it('lets keys that fail together fail in several turns', async () => {
    const loader = new Loader<string, string>(() => () => Promise.reject(new Error('down')));
    let failed = 0;
    const loads = Array.from({ length: 500 }, (_, key) => loader.load(String(key)).catch(() => failed++));
    await new Promise(setImmediate);
    expect(failed).toBe(200);
    await Promise.all(loads);
    expect(failed).toBe(500);
  });

  it('remembers a failure', async () => {
    const failure = new Error('down');
    let calls = 0;
    const loader = new Loader<string, string>(() => async () => {
      calls++;
      throw failure;
    });
    await expect(loader.get('a')).rejects.toBe(failure);
    await expect(loader.get('a')).rejects.toBe(failure);
    expect(calls).toBe(1);
  });

  it('does not let a slow key delay another', async () => {
    const never = new Promise<string>(() => {});
    const loader = new Loader<string, string>(() => (key) => (key === 'slow' ? never : key));
    void loader.get('slow');
    expect(await loader.get('fast')).toBe('fast');
  });

  it('does not know after clearing what it was loading before', async () => {
    let answer: (value: string) => void = () => {};
    const loader = new Loader<string, string>(() => () => new Promise((resolve) => (answer = resolve)));
    const before = loader.load('a');
    await new Promise(setImmediate);
    loader.clear();
    answer('old');
    expect(await before).toBe('old');
    expect(loader.get('a')).toBeInstanceOf(Promise);
  });
});
