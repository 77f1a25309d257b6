import { readEventLoop } from '../process-metrics.ts';
import { graphqlRequest, type Row, type TestContext } from '../test-context.ts';

// A70: answers that are larger than they look.

const MEBIBYTE = 1024 * 1024;
/** The default of CACHE_MAX_BYTES. */
const MAX_BYTES = 64 * MEBIBYTE;
const MERCHANTS = 3_600;
const AT_ONCE = 10;
const MERCHANT = 'GET /management/v1/merchants/{scheme}/{id}';

export const cacheWeightRows: readonly Row[] = [
  { id: 'A70', what: `${MERCHANTS} merchants with long addresses in the cache`, run: largeObjects },
];

async function largeObjects({ target, send, check }: TestContext): Promise<void> {
  const { sandbox } = target.fixture;
  // Each line is as long as the gateway keeps any text.
  const lines = Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(2_040, 'x'));
  const address = { lines, postCode: '0155', city: 'Oslo', countryCode: 'NO' };
  const { heapBytes: before } = await readEventLoop(target.process);
  sandbox.fault({
    route: MERCHANT,
    status: 200,
    contentType: 'application/json',
    body: {
      businessIdentifier: { scheme: 'business:NO:ORG', id: '123456785' },
      name: 'Large',
      status: 'ACTIVE',
      createdAt: '2024-01-01T00:00:00Z',
      updatedAt: '2024-01-01T00:00:00Z',
      countryCode: 'NO',
      businessAddress: address,
      businessPostAddress: address,
    },
  });
  // One document, so that only answers fill the heap.
  const names = Array.from({ length: 10 }, (_, index) => `m${index}`);
  const query = `query (${names.map((name) => `$${name}: BusinessIdentifierInput!`).join(' ')}) {
    ${names.map((name) => `${name}: merchant(businessIdentifier: $${name}) { name }`).join(' ')} }`;
  let read = 0;
  for (let from = 0; from < MERCHANTS; from += 10 * AT_ONCE) {
    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, (_request, batch) => {
        const ids = Array.from({ length: 10 }, (_alias, index) => 100_000_000 + from + batch * 10 + index);
        const variables = Object.fromEntries(
          ids.map((id, index) => [`m${index}`, { scheme: 'business:NO:ORG', value: String(id) }]),
        );
        return send(graphqlRequest(target, query, variables, 'partner'));
      }),
    );
    for (const { text } of replies) read += text.match(/"Large"/g)?.length ?? 0;
  }
  sandbox.clearFaults();
  check('all were read', read === MERCHANTS, read);
  const { heapBytes: after } = await readEventLoop(target.process);
  check(
    'at most 1.2 times CACHE_MAX_BYTES stay',
    after - before <= 1.2 * MAX_BYTES,
    `${Math.round((after - before) / MEBIBYTE)} MiB`,
  );
}
