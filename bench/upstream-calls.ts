import { request } from 'undici';
import type { RunningSandbox } from './children.ts';

/** What the sandbox saw since {@link forgetCalls}. */
export interface UpstreamCalls {
  /** Token calls left out. */
  readonly calls: number;
  /** The most at once. */
  readonly peak: number;
}

export async function forgetCalls({ url }: RunningSandbox): Promise<void> {
  const { body } = await request(`${url}/_sandbox/reset`, { method: 'POST' });
  await body.dump();
}

export async function readCalls({ url }: RunningSandbox): Promise<UpstreamCalls> {
  const { body } = await request(`${url}/_sandbox/stats`);
  const stats = (await body.json()) as { calls: Record<string, number>; tokenCalls: number; peak: number };
  const all = Object.values(stats.calls).reduce((sum, count) => sum + count, 0);
  return { calls: all - stats.tokenCalls, peak: stats.peak };
}
