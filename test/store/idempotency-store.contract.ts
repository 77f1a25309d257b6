import { afterEach, describe, expect, it } from 'vitest';
import type { IdempotencyStore } from '../../src/upstream/writes/idempotency-store.ts';

export interface StoreOptions {
  /** Claims kept per tenant. */
  readonly most?: number;
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;
const write = { tenant: 't', key: 'k', fingerprint: 'f' };
const order = { productOrderId: 'id', prefillUrl: 'https://portal.example/id' };

/** Declares the tests that every adapter of `IdempotencyStore` must pass. `openEmpty` opens a store without claims. */
export function describeIdempotencyStore(
  adapter: string,
  openEmpty: (options: StoreOptions) => Promise<IdempotencyStore>,
): void {
  const opened: IdempotencyStore[] = [];
  const open = async (options: StoreOptions = {}) => {
    const store = await openEmpty(options);
    opened.push(store);
    return store;
  };
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });

  describe(`the idempotency store: ${adapter}`, () => {
    it('tells whether a key is new, pending, succeeded, refused or in conflict', async () => {
      const store = await open({ now: () => 7 });
      expect(await store.claim(write)).toEqual({ state: 'new', at: 7, token: expect.any(String) });
      expect(await store.claim(write)).toEqual({ state: 'pending', at: 7 });
      expect(await store.claim({ ...write, fingerprint: 'g' })).toEqual({ state: 'conflict' });
      await store.recordSuccess(write, order, 'ref');
      expect(await store.claim(write)).toEqual({ state: 'succeeded', at: 7, order });
      expect(await store.madeAt(['ref', 'other'])).toEqual([7, undefined]);
      const refused = { ...write, key: 'r' };
      await store.claim(refused);
      await store.recordRefusal(refused, ['website.url']);
      expect(await store.claim(refused)).toMatchObject({ state: 'refused', fields: ['website.url'] });
    });

    it('keeps tenants apart', async () => {
      const store = await open();
      await store.claim(write);
      expect(await store.claim({ ...write, tenant: 'u' })).toMatchObject({ state: 'new' });
    });

    it('frees a key whose write did not happen, and never one whose write did', async () => {
      const store = await open();
      const release = async () => {
        const claim = await store.claim(write);
        if (claim.state !== 'new') throw new Error(claim.state);
        return () => store.release(write, claim.token);
      };
      await (await release())();
      const late = await release();
      await store.recordSuccess(write, order, 'ref');
      await late();
      expect(await store.claim(write)).toMatchObject({ state: 'succeeded' });
    });

    it('leaves a key that somebody else has claimed since', async () => {
      const store = await open();
      const first = await store.claim(write);
      await store.claim(write);
      await store.release(write, first.state === 'new' ? first.token : '');
      expect(await store.claim(write)).toMatchObject({ state: 'pending' });
    });

    it('keeps an outcome whose claim is gone', async () => {
      const store = await open();
      await store.recordSuccess(write, order, 'ref');
      expect(await store.claim(write)).toMatchObject({ state: 'succeeded', order });
    });

    it('forgets the oldest of a tenant that has too many, and nobody else', async () => {
      const store = await open({ most: 100 });
      await store.claim({ ...write, tenant: 'quiet' });
      for (let index = 0; index < 1_000; index++) await store.claim({ ...write, key: `k${index}` });
      const known = async (key: string) => (await store.claim({ ...write, key })).state === 'pending';
      expect(await known('k999')).toBe(true);
      expect(await known('k500')).toBe(false);
      expect(await store.claim({ ...write, tenant: 'quiet' })).toMatchObject({ state: 'pending' });
    });

    it('forgets what is older than four weeks', async () => {
      let now = 0;
      const store = await open({ now: () => now });
      await store.claim(write);
      now = 29 * DAY_MS;
      for (let index = 0; index < 200; index++) await store.claim({ ...write, key: `k${index}` });
      expect(await store.claim(write)).toMatchObject({ state: 'new' });
    });
  });
}
