import { readFileSync } from 'node:fs';
import type { Asked } from './entity-queries.ts';
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
const worstQueries: readonly Asked[] = [
  {
    query: `{ productOrders(first: 50) { nodes { id merchant { productOrders(first: 45) { nodes { id productOrderId status type url ${MERCHANT} } } } } } }`,
  },
  {
    query: `{ salesUnits(first: 1000) { edges { cursor node { id msn name configuration { captureType paymentAllowed } a: ${MERCHANT} b: ${MERCHANT} c: ${MERCHANT} } } } }`,
  },
  {
    query: `{ productOrders(first: 50) { edges { cursor node { merchant { productOrders(first: 50) { edges { cursor node { id status merchant { name businessIdentifier { value } } } } } } } } } }`,
  },
];

/** A thousand keys in several lists, which are looked up all the same, and a list of each of many merchants. */
function worstOfRouters({ fixture }: Target): readonly Asked[] {
  const { msns, merchants } = fixture.sandbox.data;
  const units = msns.slice(0, 1_000).map((msn) => ({ __typename: 'SalesUnit', msn }));
  const same = units.map(() => units[0]);
  const known = merchants.map(({ scheme, id: value }) => ({
    __typename: 'Merchant',
    businessIdentifier: { scheme, value },
  }));
  const inAliases = (aliases: readonly string[], selection: string) =>
    `query ($v: [_Any!]!) { ${aliases.map((alias) => `${alias}: _entities(representations: $v) { ${selection} }`).join(' ')} }`;
  return [
    {
      query: inAliases(['a', 'b'], `... on SalesUnit { id msn name ${MERCHANT} }`),
      variables: { v: same },
    },
    { query: inAliases(['a', 'b'], `... on SalesUnit { id msn name ${MERCHANT} }`), variables: { v: units } },
    {
      query: inAliases(
        ['a'],
        `... on Merchant { name productOrders(first: 5) { nodes { id status url ${MERCHANT} } } }`,
      ),
      variables: {
        v: units.flatMap((_unit, index) => known.slice(index % known.length).slice(0, 1)).slice(0, 400),
      },
    },
  ];
}

/** Sends each of them from `clients` clients at once, `rounds` times. */
export async function runWorstCase(target: Target, clients: number, rounds: number): Promise<WorstCase> {
  const refused: Record<string, number> = {};
  let answered = 0;
  let longestBytes = 0;
  const operations = [...worstQueries, ...(target.endpoint.forRouters ? worstOfRouters(target) : [])];
  await readEventLoop(target.process);
  const client = async (index: number) => {
    for (let round = 0; round < rounds; round++) {
      const { query, variables } = operations[(index + round) % operations.length] ?? { query: '' };
      const { text } = await target.client.send(graphqlRequest(target, query, variables, 'partner'));
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
