import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Contestant, ContestantSetup } from './contestant.ts';

const WITHIN_MS = 60_000;

/**
 * Waits for a server that somebody else starts, since it may need the upstream of the row first. Only its answers are
 * measured, not its process.
 */
export async function findEndpoint(endpoint: NonNullable<ContestantSetup['endpoint']>): Promise<Contestant> {
  const end = performance.now() + WITHIN_MS;
  while (!(await answers(endpoint))) {
    if (performance.now() > end) throw new Error(`${endpoint.url} does not answer`);
    await sleep(200);
  }
  return {
    ...endpoint,
    authorizations: [],
    startedAt: Number.NaN,
    memory: () => ({ now: Number.NaN, peak: Number.NaN }),
    cpu: () => ({ usedMs: Number.NaN, waitedMs: Number.NaN }),
    loopP99Ms: async () => Number.NaN,
    heapMb: async () => Number.NaN,
    stop: async () => {},
  };
}

const answers = ({ url, headers }: NonNullable<ContestantSetup['endpoint']>) =>
  request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ __typename }"}',
  }).then(
    async ({ statusCode, body }) => {
      await body.dump();
      return statusCode === 200;
    },
    () => false,
  );
