import type { Endpoint } from './endpoint.ts';
import type { Target } from './fixture.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { jsonHeaders, readJson } from './test-context.ts';

export interface FuzzResult {
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  readonly longestBytes: number;
  /** The first bad answers, with the body that was sent. */
  readonly bad: readonly string[];
  readonly badCount: number;
}

interface Inputs {
  readonly documents: readonly string[];
  readonly variables: readonly string[];
}

const AT_ONCE = 16;
/** Longer than this counts as a hang. */
const HANG_MS = 10_000;
const TOLD = 5;

const documentsFor = ({ forRouters }: Endpoint) => [
  '{ salesUnits(first: 3, filter: { name: { contains: "a" } }) { totalCount nodes { msn name merchant { name } } pageInfo { endCursor } } }',
  'query Q($msn: String!, $b: Boolean = false) { salesUnit(msn: $msn) { ...U @skip(if: $b) } } fragment U on SalesUnit { name configuration { captureType } }',
  ...(forRouters
    ? [
        'query ($v: [_Any!]!) { _entities(representations: $v) { __typename ... on Merchant { name } ... on SalesUnit { name merchant { name } } } }',
        '{ _entities(representations: [{ __typename: "SalesUnit", msn: "123456" }, { __typename: "Merchant", businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" } }]) { ... on SalesUnit { msn } ... on Merchant { name } } _service { sdl } }',
      ]
    : ['query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Merchant { name } } }']),
  'mutation ($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) { prefillUrl userErrors { field } hints { code } } }',
  'mutation { deleteProductOrder(input: {productOrderId: """x"""}) { userErrors { code message } } }',
  '{ merchant(businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }) { name salesUnits(last: 2, orderBy: { field: NAME, direction: DESC }) { edges { cursor } } } }',
  // Lists within lists of one merchant that has many: what is cut out of these is often still legal.
  'query ($n: Int = 50) { productOrders(first: $n) { nodes { status merchant { productOrders(first: $n) { nodes { productOrderId merchant { salesUnits(first: 3) { nodes { msn name } } } } } } } } }',
  '{ salesUnits(first: 9) { nodes { merchant { ...M } } } } fragment M on Merchant { salesUnits { edges { node { msn merchant { a: productOrders { totalCount nodes { ...O } } } } } } } fragment O on ProductOrder { status salesUnit { merchant { name } } }',
  '{ a: viewer { scopes } b: productOrders(first: 1, includeExpired: true) { nodes { status } } pricePackages(filter: {market: [NO]}) { name } }',
];
const variablesFor = ({ forRouters }: Endpoint) => [
  '{}',
  '{"msn":"123456","b":true}',
  '{"ids":["U2FsZXNVbml0OjEyMzQ1Ng==","x"]}',
  '{"input":{"dryRun":true,"businessIdentifier":{"scheme":"business:NO:ORG","value":"123456785"},"productType":"LOGIN","annualTurnover":1e3}}',
  'null',
  ...(forRouters
    ? [
        '{"v":[{"__typename":"SalesUnit","msn":"123456"},{"__typename":"ProductOrder","productOrderId":"00000000-0000-4000-8000-000000000000"},{"__typename":"__proto__"}]}',
      ]
    : []),
];
const mutationTokens = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '!',
  '$',
  '@',
  '...',
  '"',
  '"""',
  '#',
  ',',
  '\n',
  '\\',
  '\\u0000',
  '\\ud800',
  '\u{1f600}',
  '\u0000',
  'null',
  'true',
  '-1',
  '1e999',
  '99999999999999999999',
  '0x1',
  'on',
  'fragment',
  'query',
  'mutation',
  'subscription',
  '__typename',
  '__schema',
  '__proto__',
  'constructor',
  '@skip(if: true)',
  '@include(if: $b)',
  '@defer',
  'first: 2147483648',
  '$ids',
  '..',
  'æ',
];

/** Sends `count` mutated requests. Each must be answered, with JSON and without a 5xx status. */
export async function runFuzz(target: Target, count: number, seed: number): Promise<FuzzResult> {
  const random = createSeededRandom(seed);
  const inputs = {
    documents: documentsFor(target.endpoint),
    variables: variablesFor(target.endpoint),
  };
  const statuses: Record<string, number> = {};
  const bad: string[] = [];
  let badCount = 0;
  let sent = 0;
  let slowestMs = 0;
  let longestBytes = 0;
  const headers = jsonHeaders(target, 'partner');
  const report = (what: string, body: string) => {
    badCount++;
    if (bad.length < TOLD) bad.push(`${what} for ${body.slice(0, 400)}`);
  };
  const worker = async () => {
    while (sent < count) {
      sent++;
      const body = bodyOf(random, inputs);
      try {
        const { status, text, ms } = await target.client.send({ headers, body });
        statuses[status] = (statuses[status] ?? 0) + 1;
        slowestMs = Math.max(slowestMs, ms);
        longestBytes = Math.max(longestBytes, Buffer.byteLength(text));
        if (status >= 500 || text.includes('"INTERNAL"') || !readJson(text))
          report(`${status} ${text.slice(0, 100)}`, body);
        else if (ms > HANG_MS) report(`${Math.round(ms)} ms`, body);
      } catch (error) {
        report((error as Error).message, body);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { sent, statuses, slowestMs, longestBytes, bad, badCount };
}

function bodyOf(random: SeededRandom, { documents, variables }: Inputs): string {
  const document = random.pick(documents);
  // A third stays whole, so that odd variables reach the resolvers.
  const query = JSON.stringify(random.below(3) === 0 ? document : mutate(random, document, documents));
  const body = `{"query":${query},"variables":${random.below(3) === 0 ? mutate(random, random.pick(variables), documents) : random.pick(variables)}}`;
  // Mostly the document, since a body that is no JSON ends early.
  return random.below(10) === 0 ? mutate(random, body, documents) : body;
}

function mutate(random: SeededRandom, text: string, documents: readonly string[]): string {
  let mutated = text;
  for (let steps = random.below(4); steps >= 0; steps--) {
    const at = random.below(mutated.length + 1);
    const length = random.below(12);
    const cut = mutated.slice(at, at + length);
    const head = mutated.slice(0, at);
    const tail = mutated.slice(at + length);
    mutated = random.pick([
      () => head + tail,
      () => head + random.pick(mutationTokens) + cut + tail,
      () => head + cut + cut + cut + tail,
      () => head + String.fromCharCode(random.below(256)) + tail,
      () => head + random.pick(documents).slice(at, at + 40) + tail,
      () => tail + head,
    ])();
  }
  return mutated;
}
