import { describe, expect, it } from 'vitest';
import { UpstreamUnauthorized } from '../../../src/upstream/errors.ts';
import { createAccessTokens } from '../../../src/upstream/keys/access-token.ts';

/** Tokens `t1`, `t2`, … on a clock that moves by hand; `life` is what the upstream says of the next one. */
function setUp(life: number | (() => number) = 1_000) {
  const state = { now: 0, fetched: 0, fail: false, refuse: false };
  const tokens = createAccessTokens(
    async () => {
      state.fetched++;
      if (state.fail) throw new Error('down');
      if (state.refuse) throw new UpstreamUnauthorized('refused', { route: 'POST /token', status: 401 });
      return { value: `t${state.fetched}`, expiresIn: typeof life === 'function' ? life() : life };
    },
    () => state.now,
  );
  return { state, tokens };
}

const UNITS = 'GET /units';
const ORDERS = 'GET /orders';

describe('access tokens', () => {
  it('are fetched once for many waiters', async () => {
    const { state, tokens } = setUp();
    const all = await Promise.all(Array.from({ length: 1_000 }, () => tokens.get()));
    expect(new Set(all.map(({ value }) => value))).toEqual(new Set(['t1']));
    expect(state.fetched).toBe(1);
  });

  it('are handed over without a promise once there is one', async () => {
    const { tokens } = setUp();
    await tokens.get();
    expect(tokens.get()).toMatchObject({ value: 't1' });
  });

  it('are renewed in the background at four fifths of their life while the old one serves', async () => {
    const { state, tokens } = setUp(100);
    await tokens.get();
    state.now = 81_000;
    expect(tokens.get()).toMatchObject({ value: 't1' });
    await new Promise(setImmediate);
    expect(tokens.get()).toMatchObject({ value: 't2' });
    expect(state.fetched).toBe(2);
  });

  it('serve to their end when the renewal fails, which is tried again after 30 seconds', async () => {
    const { state, tokens } = setUp(1_000);
    await tokens.get();
    state.fail = true;
    for (state.now = 801_000; state.now < 900_000; state.now += 1_000) {
      expect(tokens.get()).toMatchObject({ value: 't1' });
      await new Promise(setImmediate);
    }
    expect(state.fetched).toBe(1 + 4);
    state.now = 951_000;
    await expect(tokens.get()).rejects.toThrow('down');
  });

  it.each([0, -5, Number.NaN])('with a life of %s are not fetched for every call', async (life) => {
    const { state, tokens } = setUp(life);
    for (state.now = 0; state.now < 20_000; state.now += 1_000) await tokens.get();
    expect(state.fetched).toBe(1);
  });

  it('are not thrown away by a late refusal of an older one', async () => {
    const { state, tokens } = setUp();
    const old = await tokens.get();
    expect(tokens.reject(old, UNITS)).toBe(true);
    await tokens.get();
    expect(tokens.reject(old, UNITS)).toBe(true);
    expect(tokens.get()).toMatchObject({ value: 't2' });
    expect(state.fetched).toBe(2);
  });

  it('are fetched twice at most in 30 seconds when the keys are wrong, and again later', async () => {
    const { state, tokens } = setUp(100_000);
    expect(tokens.reject(await tokens.get(), UNITS)).toBe(true);
    for (state.now = 0; state.now < 30_000; state.now += 1_000)
      expect(tokens.reject(await tokens.get(), UNITS)).toBe(false);
    expect(state.fetched).toBe(2);
    expect(tokens.reject(await tokens.get(), UNITS)).toBe(true);
    tokens.accept(await tokens.get(), UNITS);
    expect(state.fetched).toBe(3);
  });

  it('are not fetched for each operation when one endpoint refuses what the others accept', async () => {
    const { state, tokens } = setUp(100_000);
    for (state.now = 0; state.now < 29_000; state.now += 500) {
      const token = await tokens.get();
      tokens.accept(token, UNITS);
      tokens.reject(token, ORDERS);
    }
    expect(state.fetched).toBe(1 + 3);
  });

  it('are not asked for again within a second of a failure', async () => {
    const { state, tokens } = setUp();
    state.fail = true;
    for (let index = 0; index < 20; index++) await expect(tokens.get()).rejects.toThrow('down');
    expect(state.fetched).toBe(1);
    state.now = 1_001;
    state.fail = false;
    expect(await tokens.get()).toMatchObject({ value: 't2' });
  });

  it('are asked for twice in 30 seconds when the keys are refused, however many calls ask for one', async () => {
    const { state, tokens } = setUp();
    const askFor = async (seconds: number) => {
      for (const end = state.now + seconds * 1_000; state.now < end; state.now += 100)
        await Promise.resolve(tokens.get()).catch(() => {});
      return state.fetched;
    };
    state.refuse = true;
    expect(await askFor(30)).toBe(2);
    expect(await askFor(60)).toBe(4);
    state.refuse = false;
    await askFor(30);
    expect(await tokens.get()).toMatchObject({ value: 't5' });
  });

  it('are fetched again each time that one that worked is revoked', async () => {
    const { state, tokens } = setUp();
    for (let round = 1; round <= 50; round++) {
      const token = await tokens.get();
      tokens.accept(token, UNITS);
      expect(tokens.reject(token, UNITS)).toBe(true);
      // The same call, repeated with the new token.
      tokens.accept(await tokens.get(), UNITS);
    }
    expect(state.fetched).toBe(51);
  });
});
