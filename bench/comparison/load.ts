import { startChild } from './child.ts';
import type { LoadOrder, LoadResult } from './load-order.ts';

/** The process that sends the requests. */
export interface LoadGenerator {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startLoadGenerator(): LoadGenerator {
  const child = startChild(new URL('../processes/load.ts', import.meta.url), { core: 'others' });
  return {
    run(order) {
      const result = child.hear<LoadResult>();
      child.send(order);
      return result;
    },
    stop: () => child.stop(),
  };
}
