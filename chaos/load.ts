import type { Reply } from './world.ts';

/** The replies of many requests; those that failed below HTTP are counted apart. */
export interface LoadResult {
  readonly replies: readonly Reply[];
  readonly broken: number;
  /** Replies with data and without an error, as a share of everything that was sent. */
  readonly okShare: number;
  /** A percentile of the times of all replies, in milliseconds. */
  percentile(share: number, of?: (reply: Reply) => boolean): number;
}

const isOk = ({ status, codes }: Reply) => status === 200 && codes.length === 0;

function resultOf(settled: readonly (Reply | undefined)[]): LoadResult {
  const replies = settled.filter((reply) => reply !== undefined);
  return {
    replies,
    broken: settled.length - replies.length,
    okShare: replies.filter(isOk).length / Math.max(1, settled.length),
    percentile(share, of = () => true) {
      const times = replies
        .filter(of)
        .map(({ ms }) => ms)
        .sort((a, b) => a - b);
      return times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
    },
  };
}

/** Sends `count` requests, `width` at a time. */
export async function closedLoad(
  count: number,
  width: number,
  send: (index: number) => Promise<Reply>,
): Promise<LoadResult> {
  const settled: (Reply | undefined)[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) settled.push(await send(next++).catch(() => undefined));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return resultOf(settled);
}

/** Sends `perSecond` requests for some seconds, however long the answers take. */
export async function openLoad(
  perSecond: number,
  seconds: number,
  send: (index: number) => Promise<Reply>,
): Promise<LoadResult> {
  const startedAt = performance.now();
  const running: Promise<Reply | undefined>[] = [];
  const total = Math.round(perSecond * seconds);
  while (running.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond) + 1);
    while (running.length < due) running.push(send(running.length).catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return resultOf(await Promise.all(running));
}
