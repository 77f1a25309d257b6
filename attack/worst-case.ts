import { readFileSync } from 'node:fs';
import type { Target } from './fixture.ts';
import { readEventLoop } from './process-metrics.ts';
import { graphqlRequest, readJson } from './test-context.ts';

/** The effect on a gateway of many clients that send the largest accepted operations at once. */
interface WorstCase {
  readonly answered: number;
  /** Temporary refusals, by code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly longestBytes: number;
  readonly peakMiB: number;
  readonly busyMs: number;
}

const MERCHANT =
  'merchant { id name status createdAt updatedAt countryCode businessIdentifier { scheme value } businessAddress { lines city postCode countryCode } businessPostAddress { lines city postCode countryCode } }';

/** Each is close to the row limit. */
const worstQueries: readonly string[] = [
  `{ productOrders(first: 50) { nodes { id merchant { productOrders(first: 45) { nodes { id productOrderId status type url ${MERCHANT} } } } } } }`,
  `{ salesUnits(first: 1000) { edges { cursor node { id msn name configuration { captureType paymentAllowed } a: ${MERCHANT} b: ${MERCHANT} c: ${MERCHANT} } } } }`,
  `{ productOrders(first: 50) { edges { cursor node { merchant { productOrders(first: 50) { edges { cursor node { id status merchant { name businessIdentifier { value } } } } } } } } } }`,
];

/** Sends each of them from `clients` clients at once, `rounds` times. */
export async function runWorstCase(target: Target, clients: number, rounds: number): Promise<WorstCase> {
  const refused: Record<string, number> = {};
  let answered = 0;
  let longestBytes = 0;
  await readEventLoop(target.process);
  const client = async (index: number) => {
    for (let round = 0; round < rounds; round++) {
      const query = worstQueries[(index + round) % worstQueries.length] ?? '';
      const { text } = await target.client.send(graphqlRequest(target, query, undefined, 'partner'));
      const { data, errors = [] } = readJson(text) ?? {};
      longestBytes = Math.max(longestBytes, Buffer.byteLength(text));
      if (data != null) answered++;
      const code = data == null ? String(errors[0]?.extensions?.['code']) : undefined;
      if (code) refused[code] = (refused[code] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  const peakMiB = peakMemory(target.pid);
  const { busyMs } = await readEventLoop(target.process);
  return { answered, refused, longestBytes, peakMiB, busyMs };
}

/** Returns the peak resident size of the process, in MiB. */
function peakMemory(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
}
