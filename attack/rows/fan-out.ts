import { startSandbox } from '../../src/sandbox/server.ts';
import { anyObject } from '../inputs/any-object.ts';
import { loopOf } from '../inputs/loop-of.ts';
import {
  graphqlRequest,
  jsonHeaders,
  type Refusal,
  type Row,
  readJson,
  type TestContext,
} from '../test-context.ts';

// A61, A64: legal operations that cause few upstream calls and much work.

const MOST_BYTES = 16 * 1024 * 1024;
const tooMuch: Refusal = { codes: ['OPERATION_TOO_EXPENSIVE', 'OPERATION_TOO_COMPLEX'] };

/** A list within a list within a list, so many times, each as long as it may be. */
const nested = (levels: number, open: string, inner: string) =>
  `{ ${open.repeat(levels)} ${inner} ${'}'.repeat((open.match(/\{/g)?.length ?? 0) * levels)} }`;
const ORDERS = 'productOrders(first: 50) { nodes { merchant { ';
const UNITS = 'salesUnits(first: 50) { nodes { merchant { ';

const multiplied: readonly (readonly [what: string, query: string])[] = [
  ['orders of orders', nested(3, ORDERS, 'id')],
  ['default pages of orders', nested(5, 'productOrders { nodes { merchant { ', 'id')],
  ['units of units', nested(4, UNITS, 'id')],
  ['units of orders of units', nested(2, UNITS + ORDERS, 'id')],
  ['through edges', nested(4, 'productOrders(first: 50) { edges { node { merchant { ', 'id')],
  ['from the end', nested(4, 'productOrders(last: 50) { nodes { merchant { ', 'id')],
  [
    'through fragments',
    `{ ...A } fragment A on Query { productOrders(first: 50) { nodes { merchant { ...B } } } }
     fragment B on Merchant { productOrders(first: 50) { nodes { merchant { ...C } } } }
     fragment C on Merchant { productOrders(first: 50) { nodes { merchant { id } } } salesUnits(first: 50) { nodes { msn } } }`,
  ],
  [
    'behind an interface',
    `{ salesUnits(first: 50) { nodes { merchant { productOrders(first: 50) { nodes { salesUnit { merchant { ... on Node { ... on Merchant { salesUnits(first: 50) { nodes { msn } } } } } } } } } } } }`,
  ],
  [
    'under aliases',
    `{ productOrders(first: 50) { nodes { merchant { ${'abcdefghij'
      .split('')
      .map((alias) => `${alias}: productOrders(first: 50) { nodes { status merchant { id } } }`)
      .join(' ')} } } } }`,
  ],
];

export const fanOutRows: readonly Row[] = [
  {
    id: 'A61',
    what: 'lists nested in each other over a merchant with many units and orders',
    run: async (context) => {
      const { target, refused, send, check } = context;
      for (const [what, query] of multiplied) {
        await refused(what, graphqlRequest(target, query, undefined, 'partner'), tooMuch);
        // A server without the bound would be at it for minutes.
        if (context.failures.length > 0) return;
      }
      const { text } = await send(
        graphqlRequest(target, '{ salesUnits(first: 1) { nodes { msn } } }', undefined, 'partner'),
      );
      const [msn = ''] = /"msn":"([^"]+)"/.exec(text)?.slice(1) ?? [];
      check('there is a unit', msn !== '', text);
      const find = anyObject(target.endpoint);
      const repeated = find.query(
        '... on SalesUnit { merchant { productOrders(first: 50) { nodes { status merchant { id } } } } }',
      );
      const v = Array.from({ length: 1_000 }, () => find.name('SalesUnit', msn));
      await refused(
        'one object a thousand times',
        graphqlRequest(target, repeated, { v }, 'partner'),
        tooMuch,
      );
      // The largest that is still accepted must not hold up others.
      const accepted = `{ productOrders(first: 50) { nodes { merchant { productOrders(first: 50) { nodes { status businessIdentifier { value } } } } } } }`;
      await loopOf(context, 'an accepted one', async () => {
        const reply = await send(graphqlRequest(target, accepted, undefined, 'partner'));
        check('an accepted one is answered', readJson(reply.text)?.data != null, reply.text);
        check('its answer is bounded', reply.text.length <= MOST_BYTES, reply.text.length);
      });
    },
  },
  {
    id: 'A64',
    what: 'filters, orders and look-ups over 100,000 units',
    run: async (context) => {
      // The same seed, so that the keys of the gateway are good there as well.
      const sandbox = await startSandbox({ units: 100_000, latencyMs: 0 });
      try {
        await using target = await context.target.variant({
          MANAGEMENT_API_URL: sandbox.url,
          UPSTREAM_TIMEOUT_MS: '20000',
          REQUEST_DEADLINE_MS: '60000',
        });
        const large: TestContext = { ...context, target, send: (request) => target.client.send(request) };
        const ask = async (query: string) => {
          const { text } = await target.client.send({
            headers: jsonHeaders(target, 'partner'),
            body: JSON.stringify({ query }),
          });
          context.check('is answered', readJson(text)?.data != null, text);
        };
        // The list itself has to be read once; that is not what is measured.
        await ask('{ salesUnits(first: 1) { totalCount } productOrders(first: 1) { totalCount } }');
        await loopOf(large, 'the first order by name', () =>
          ask('{ salesUnits(first: 1, orderBy: { field: NAME }) { nodes { name } } }'),
        );
        const filters = Array.from(
          { length: 15 },
          (_, index) =>
            `a${index}: salesUnits(first: 1, filter: { name: { contains: "${index} e" } }, orderBy: { field: NAME, direction: DESC }) { totalCount }`,
        );
        await loopOf(large, '15 filters', () => ask(`{ ${filters.join(' ')} }`));
        const lookups = Array.from(
          { length: 9 },
          (_, index) => `b${index}: salesUnits(first: 1000) { nodes { productOrder { status } } }`,
        );
        await loopOf(large, 'a look-up per row', () => ask(`{ ${lookups.join(' ')} }`));
      } finally {
        await sandbox.close();
      }
    },
  },
];
