import { request } from 'undici';
import { connectManagementApi, type Keys, sendWithPool } from '../contestants/management-api.ts';
import type { SandboxOrder } from '../processes/sandbox.ts';
import { type Child, startChild } from './child.ts';

/** What the upstream has seen since {@link Upstream.forget}. */
export interface UpstreamCounts {
  /** Token calls left out. */
  readonly calls: number;
  /** The most at once. */
  readonly peak: number;
  /** Product orders that it has received. */
  readonly orders: number;
}

/** The sandbox in a process of its own. */
export interface Upstream {
  readonly url: string;
  readonly keys: Keys;
  readonly units: number;
  /** Numbers of all units in the order of the gateway. */
  readonly msns: readonly string[];
  forget(): Promise<void>;
  read(): Promise<UpstreamCounts>;
  stop(): Promise<void>;
}

interface Started {
  readonly url: string;
  readonly keys: Keys;
  readonly msns: readonly string[];
}

export async function startUpstream(order: SandboxOrder): Promise<Upstream> {
  const child: Child = startChild(new URL('../processes/sandbox.ts', import.meta.url), {
    core: 'others',
    args: [JSON.stringify(order)],
  });
  const { url, keys, msns } = await child.hear<Started>();
  return {
    url,
    keys,
    units: order.units,
    msns: msns.toSorted((left, right) => left.length - right.length || (left < right ? -1 : 1)),
    async forget() {
      const { body } = await request(`${url}/_sandbox/reset`, { method: 'POST' });
      await body.dump();
    },
    async read() {
      const { body } = await request(`${url}/_sandbox/stats`);
      const { calls, tokenCalls, peak, orders } = (await body.json()) as {
        calls: Record<string, number>;
        tokenCalls: number;
        peak: number;
        orders: number;
      };
      const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
      return { calls: all - tokenCalls, peak, orders };
    },
    stop: () => child.stop(),
  };
}

/** The Management API as this process asks it, for what the answers should be. */
export const connectTo = ({ url, keys }: Upstream) =>
  connectManagementApi(sendWithPool({ url, keys, connections: 64 }), keys, true);
