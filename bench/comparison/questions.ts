import { request } from 'undici';
import type { Contestant } from './contestant.ts';
import type { Plan } from './load-order.ts';
import type { Upstream } from './upstream.ts';

/** What a load asks, and what it should be answered. */
export interface Question {
  readonly plan: Plan;
  /** The variables with which the answers by hand get the same, where they are others. */
  readonly byHand?: readonly object[];
  /** Whether an answer is right, where answers are not alike. */
  readonly isRight?: (data: unknown) => boolean;
}

const ROW = 'nodes { msn name configuration { captureType } merchant { name status } }';
const UNIT = 'salesUnit(msn: $msn) { name merchant { name } }';
const LARGEST_PAGE = 1_000;

const one = (query: string, variables: object = {}): Question => ({
  plan: { query, variables: [JSON.stringify(variables)] },
});

/** The first page of units with their merchants: 1 + N + N/5 calls. */
export const firstPage = (first: number) =>
  one(`query Page($first: Int!) { salesUnits(first: $first) { ${ROW} } }`, { first });

/** One unit with its merchant: each unit in turns. */
export const units = ({ msns }: Pick<Upstream, 'msns'>): Question => ({
  plan: {
    query: `query Unit($msn: String!) { ${UNIT} }`,
    variables: msns.map((msn) => JSON.stringify({ msn })),
  },
});

/** The same, with another alias in each pass, so that no question comes twice. */
export const unseenUnits = ({ msns }: Upstream): Question => ({
  plan: {
    query: `query Unit($msn: String!) { unitPASS: ${UNIT} }`,
    variables: msns.map((msn) => JSON.stringify({ msn })),
  },
});

export const pricePackages = () =>
  one('query Packages { pricePackages { pricePackageId name description } }');

/** A page of 100 units after each unit in turns. Cursors are each server's own. */
export async function pagesAfter(contestant: Contestant, { msns }: Upstream): Promise<Question> {
  const cursors = await readCursors(contestant, msns);
  const whole = msns.length - 100;
  return {
    plan: {
      query: `query Page($after: String) { pagePASS: salesUnits(first: 100, after: $after) { ${ROW} } }`,
      variables: cursors.slice(0, whole).map((after) => JSON.stringify({ after })),
    },
    byHand: msns.slice(0, whole).map((after) => ({ after })),
  };
}

/** All units with their merchants, page by page. */
export async function allPages(contestant: Contestant, { msns }: Upstream): Promise<Question> {
  const cursors = await readCursors(contestant, msns);
  const starts = msns
    .map((_, index) => index)
    .filter((index) => (index + 1) % LARGEST_PAGE === 0 && index + 1 < msns.length);
  return {
    plan: {
      query: `query Page($after: String) { salesUnits(first: ${LARGEST_PAGE}, after: $after) { ${ROW} } }`,
      variables: [null, ...starts.map((index) => cursors[index])].map((after) => JSON.stringify({ after })),
    },
    byHand: [null, ...starts.map((index) => msns[index])].map((after) => ({ first: LARGEST_PAGE, after })),
  };
}

/** An order with a new key each time. `name` makes the keys of two processes differ. */
export const prefill = (name: string): Question => ({
  plan: {
    query:
      'mutation Prefill($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) { prefillUrl userErrors { message } } }',
    variables: [
      JSON.stringify({
        input: {
          businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
          productType: 'LOGIN',
          idempotencyKey: `${name}-PASS`,
        },
      }),
    ],
  },
  isRight: (data) =>
    (data as { prefillProductOrder: { prefillUrl: string } }).prefillProductOrder.prefillUrl.startsWith(
      'http',
    ),
});

async function readCursors(
  { url, headers, authorizations: [authorization] }: Contestant,
  msns: readonly string[],
): Promise<readonly string[]> {
  const cursors: string[] = [];
  while (cursors.length < msns.length) {
    const { body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...(authorization && { authorization }) },
      body: JSON.stringify({
        query:
          'query Cursors($first: Int!, $after: String) { salesUnits(first: $first, after: $after) { edges { cursor } } }',
        variables: { first: LARGEST_PAGE, after: cursors.at(-1) ?? null },
      }),
    });
    const { data } = (await body.json()) as { data: { salesUnits: { edges?: { cursor: string }[] } } };
    // The constant server has none, and takes any.
    if (!data.salesUnits.edges?.length) return msns;
    cursors.push(...data.salesUnits.edges.map(({ cursor }) => cursor));
  }
  return cursors;
}
