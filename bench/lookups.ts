import { type Client, createClient } from './ask.ts';
import { startFloor, startGateway, startSandbox } from './children.ts';
import { unitQuestion } from './questions.ts';
import { median } from './ratios.ts';

/** Answers per second to "one unit with its merchant", all of it known already. */
export interface LookupResult {
  readonly who: string;
  readonly perSecond: number;
}

export const CONNECTIONS = 32;
const SLICES = 3;
const SLICE_MS = 1_500;

export async function measureLookups(): Promise<LookupResult[]> {
  const sandbox = await startSandbox({ units: 100, latencyMs: 0 });
  const floor = await startFloor(sandbox);
  const gateway = await startGateway(sandbox, { cache: 'on' });
  const bodies = sandbox.msns.map(unitQuestion);
  const clients = [
    { who: 'floor', client: createClient(floor.url, CONNECTIONS), slices: [] as number[] },
    { who: 'gateway', client: createClient(gateway.url, CONNECTIONS), slices: [] as number[] },
  ];
  try {
    for (const { client } of clients) await load(client, bodies, SLICE_MS);
    for (let slice = 0; slice < SLICES; slice++)
      for (const { client, slices } of clients) slices.push(await load(client, bodies, SLICE_MS));
    return clients.map(({ who, slices }) => ({ who, perSecond: median(slices) }));
  } finally {
    await Promise.all(clients.map(({ client }) => client.close()));
    await Promise.all([floor.stop(), gateway.stop(), sandbox.stop()]);
  }
}

/** Returns how many answers per second the client gets, with {@link CONNECTIONS} requests at once. */
export async function load(client: Client, bodies: readonly string[], ms: number): Promise<number> {
  const started = performance.now();
  let answers = 0;
  const ask = async () => {
    while (performance.now() - started < ms) {
      await client.ask(bodies[answers++ % bodies.length] ?? '');
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  return (answers / (performance.now() - started)) * 1_000;
}
