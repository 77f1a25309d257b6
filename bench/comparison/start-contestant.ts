import type { ContestantOrder, LoopDelay, Ready } from '../contestants/contestant.ts';
import { readCpu, readMemory } from '../process-usage.ts';
import { startChild } from './child.ts';
import type { Contestant, ContestantSetup } from './contestant.ts';
import { findEndpoint } from './endpoint.ts';
import { startGateway } from './gateway.ts';
import type { Upstream } from './upstream.ts';

/** Starts a contestant. Resolves when it listens; `body` is what the constant server answers. */
export async function startContestant(
  setup: ContestantSetup,
  { url, keys }: Pick<Upstream, 'url' | 'keys'>,
  body: string,
): Promise<Contestant> {
  const { kind, cache, connections, endpoint, folder, env, hasAllCores, tenants = 1 } = setup;
  if (endpoint) return findEndpoint(endpoint);
  const upstream = { url, keys, connections };
  if (kind === 'gateway') return startGateway({ upstream, cache, folder, env, hasAllCores, tenants });
  const startedAt = performance.now();
  const child = startChild(new URL(`../contestants/${kind}.ts`, import.meta.url), {
    core: 'contestant',
    args: [JSON.stringify({ port: 0, body, upstream, cache } satisfies ContestantOrder)],
  });
  const { port } = await child.hear<Ready>();
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    headers: {},
    authorizations: [],
    startedAt,
    memory: () => readMemory(child.pid),
    cpu: () => readCpu(child.pid),
    async loopP99Ms() {
      const delay = child.hear<LoopDelay>();
      child.send({});
      return (await delay).p99Ms;
    },
    heapMb: async () => Number.NaN,
    stop: child.stop,
  };
}
