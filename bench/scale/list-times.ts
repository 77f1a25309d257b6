import { Pool } from 'undici';
import { median } from '../ratios.ts';

/** The middle times to fetch the list and as many ready bytes, in milliseconds. */
export interface ListTimes {
  readonly list: number;
  readonly buffer: number;
}

const ROUNDS = 25;
const WARM_UP = 5;

/** Asks both servers in turns, since the machine's speed drifts. */
export async function measureList(
  list: { url: string; path: string; headers: Record<string, string> },
  bufferUrl: string,
): Promise<ListTimes> {
  const pools = {
    list: new Pool(list.url, { connections: 1 }),
    buffer: new Pool(bufferUrl, { connections: 1 }),
  };
  const times = { list: [] as number[], buffer: [] as number[] };
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const who of round % 2 === 0 ? (['list', 'buffer'] as const) : (['buffer', 'list'] as const)) {
      const { path, headers } = who === 'list' ? list : { path: '/', headers: {} };
      const startedAt = performance.now();
      await readLength(pools[who], path, headers);
      if (round >= WARM_UP) times[who].push(performance.now() - startedAt);
    }
  }
  await Promise.all([pools.list.close(), pools.buffer.close()]);
  return { list: median(times.list), buffer: median(times.buffer) };
}

/** Reads an answer to its end and gives its length; the bytes are let go as they come. */
export async function readLength(pool: Pool, path: string, headers: Record<string, string>): Promise<number> {
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
  let length = 0;
  for await (const chunk of body) length += (chunk as Buffer).length;
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  return length;
}
