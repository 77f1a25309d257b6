import type { Channel } from '../channel.ts';

const ASK_EVERY_MS = 50;

/** Returns how long the primary takes to answer: so long do calls wait there, besides their turn. */
export function measurePrimaryLag(channel: Channel): () => number {
  let askedAt: number | undefined;
  let last = 0;
  const ask = () => {
    if (askedAt !== undefined) return;
    const now = performance.now();
    askedAt = now;
    channel.request('ping', undefined).then(
      () => {
        last = performance.now() - now;
        askedAt = undefined;
      },
      () => {},
    );
  };
  setInterval(ask, ASK_EVERY_MS).unref();
  return () => (askedAt === undefined ? last : Math.max(last, performance.now() - askedAt));
}
