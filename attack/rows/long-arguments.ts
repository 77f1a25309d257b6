import { order, prefill, remove } from '../inputs/order-inputs.ts';
import { type Place, pathPlaces } from '../inputs/path-inputs.ts';
import { readCpuMs } from '../process-metrics.ts';
import { graphqlRequest, type Row, type TestContext } from '../test-context.ts';

export const longArgumentRows: readonly Row[] = [
  { id: 'A46', what: 'long texts for every pattern', run: longTexts },
];

async function longTexts({ target, send, check }: TestContext): Promise<void> {
  const cost = async (query: string, variables: object) => {
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 3; tries++) {
      const before = readCpuMs(target.pid);
      const reply = await send(graphqlRequest(target, query, variables, 'partner'));
      check('is no failure', reply.status < 500, reply.text);
      least = Math.min(least, readCpuMs(target.pid) - before);
    }
    return least;
  };
  const places: readonly Place[] = [
    ...pathPlaces(target.endpoint),
    { what: 'delete', query: remove, variables: (v) => ({ v }) },
    ...[
      'salesUnitName',
      'idempotencyKey',
      'pricePackageId',
      'merchantCategoryCode',
      'intendedPurpose',
      'salesUnitLogo',
    ].map(
      (name): Place => ({
        what: name,
        query: prefill,
        variables: (v) => ({ input: { ...order, dryRun: true, [name]: v } }),
      }),
    ),
    {
      what: 'account',
      query: prefill,
      variables: (id) => ({
        input: { ...order, dryRun: true, settlementBankAccount: { scheme: 'BBAN:NO', id } },
      }),
    },
    {
      what: 'website',
      query: prefill,
      variables: (url) => ({
        input: { ...order, dryRun: true, website: { url, termsUrl: url, testWebsiteUrl: url } },
      }),
    },
    {
      what: 'cursor',
      query: 'query ($v: String) { salesUnits(after: $v) { totalCount } }',
      variables: (v) => ({ v }),
    },
  ];
  for (const { what, query, variables } of places)
    for (const character of ['a', '1', '-', ' ', ':']) {
      const long = await cost(query, variables(`${character.repeat(100_000)}!`));
      check(`${what} of ${JSON.stringify(character)}: at most 50 ms`, long <= 50, `${long.toFixed(0)} ms`);
    }
}
