import type { Fault } from '../../src/sandbox/faults/fault.ts';
import type { PatchStep } from '../../src/sandbox/faults/patch.ts';
import { ms } from '../figures.ts';
import { closedLoad } from '../load.ts';
import { COUNT, countIsThere, LIST, ORDER, orderOf } from '../requests.ts';
import type { Row, RowContext } from '../row.ts';

/** Sends one request for each answer, with a fault that lasts for it alone. */
async function askEach({ world }: RowContext, faults: readonly Fault[]) {
  const replies = [];
  for (const fault of faults) {
    world.sandbox.reset();
    world.sandbox.fault({ route: LIST, ...fault });
    replies.push({ ...(await world.ask(COUNT)), calls: world.calls(LIST) });
  }
  world.sandbox.reset();
  return replies;
}

const notJson: readonly Fault[] = [
  { body: '{"a": ' },
  { body: '' },
  { body: 'null' },
  { body: '{}' },
  { body: '"text"' },
  { contentType: 'text/html', body: '<html><body>[]</body></html>' },
];

/** All units by name. */
const NAMES = '{ salesUnits(first: 50) { nodes { msn name } } }';
const ODD = 'CANARY-of-drift';
const at = (key: string, value: unknown): PatchStep => ({ path: [7, key], value });
const oddRows: readonly (readonly [string, PatchStep])[] = [
  ['without a name', { path: [7, 'name'], remove: true }],
  ['without a number', { path: [7, 'msn'], remove: true }],
  ['a number that is no text', at('msn', 123456)],
  ['a name that is a list', at('name', [ODD])],
  ['a number that is an object', at('msn', { [ODD]: ODD })],
  ['a member that nobody knows', at('unknown', ODD)],
  ['null in place of the unit', { path: [7], value: null }],
  ['a text in place of the unit', { path: [7], value: ODD }],
];

export const answerRows: readonly Row[] = [
  {
    id: 'F09',
    what: '502 with a page of a proxy',
    fault: ({ world }) =>
      void world.sandbox.fault({
        route: LIST,
        status: 502,
        bodyShape: 'html',
        headers: { server: 'nginx/1.2' },
      }),
    control: countIsThere,
    async run({ world, count, check }) {
      const { replies } = await closedLoad(count(100), 5, () => world.ask(COUNT));
      const codes = new Set(replies.map((reply) => reply.codes[0]));
      check(
        'UPSTREAM_UNAVAILABLE or CIRCUIT_OPEN',
        ![...codes].some((code) => !/UNAVAILABLE|CIRCUIT/.test(code ?? '')),
        [...codes].join(),
      );
      const { host } = new URL(world.sandbox.url);
      const quoting = replies.filter(({ text }) => /<html|nginx/.test(text) || text.includes(host)).length;
      check('no answer quotes the page', quoting === 0, quoting);
    },
  },
  {
    id: 'F12',
    what: 'odd values of Retry-After',
    fault: () => {},
    control: countIsThere,
    async run(context) {
      const { check } = context;
      const date = (at: number) => new Date(at).toUTCString();
      const [soon, ...others] = await askEach(
        context,
        [date(Date.now() + 2_000), date(Date.now() - 60_000), 'garbage', '-1', '99999999999'].map(
          (retryAfter) => ({
            status: 429,
            retryAfter,
            times: 1,
          }),
        ),
      );
      check(
        'a date in 2 s is waited for',
        !!soon && soon.ms >= 900 && soon.ms <= 3_100 && soon.codes.length === 0,
        ms(soon?.ms ?? 0),
      );
      check(
        'the others are tried again like other failures',
        others.every(({ codes, calls, ms: took }) => codes.length === 0 && calls === 2 && took <= 1_500),
        others.map((reply) => `${reply.calls} calls, ${ms(reply.ms)}`).join('; '),
      );
    },
  },
  {
    id: 'F13',
    what: 'answers that are no JSON, or no list',
    env: { CACHE: 'on' },
    fault: () => {},
    control: countIsThere,
    async run(context) {
      const { world, check } = context;
      const replies = await askEach(context, notJson);
      const codes = replies.map((reply) => reply.codes[0]);
      check(
        'UPSTREAM_BAD_RESPONSE',
        codes.every((code) => code === 'UPSTREAM_BAD_RESPONSE'),
        [...new Set(codes)].join(),
      );
      check(
        'each is asked for once',
        replies.every(({ calls }) => calls === 1),
        replies.map(({ calls }) => calls).join(),
      );
      check('none is kept', (await world.ask(COUNT)).codes.length === 0, 'none');
    },
  },
  {
    id: 'F15',
    what: 'answers that end too early',
    env: { CACHE: 'on' },
    fault: () => {},
    control: countIsThere,
    async run(context) {
      const { world, check } = context;
      const replies = await askEach(context, [{ truncate: true }, { reset: 'midBody' }]);
      check(
        'an error, and no part of the data',
        replies.every(({ codes, data }) => codes.length === 1 && JSON.stringify(data).includes('null')),
        replies.map(({ codes }) => codes[0]).join(),
      );
      check('none is kept', (await world.ask(COUNT)).codes.length === 0, 'none');
    },
  },
  {
    id: 'F17',
    what: 'answers of 100 MB',
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, huge: 100_000_000 }),
    control: countIsThere,
    async run({ world, count, check }) {
      const { replies } = await closedLoad(count(50), 50, () =>
        world.ask(COUNT, { 'cache-control': 'no-cache' }),
      );
      const codes = new Set(replies.map((reply) => reply.codes[0]));
      check('refused', !codes.has(undefined), [...codes].join());
    },
  },
  {
    id: 'F05',
    what: 'the connection breaks within an answer, once',
    fault: ({ world }) => {
      for (const route of [LIST, ORDER])
        world.sandbox.fault({ route, reset: 'midBody', work: true, times: 1 });
    },
    control: countIsThere,
    async run({ world, check }) {
      const { codes } = await world.ask(COUNT);
      check('the read is repeated', codes.length === 0 && world.calls(LIST) === 2, world.calls(LIST));
      const before = world.sandbox.stats().orders;
      const order = await world.ask(orderOf('Once'));
      const made = world.sandbox.stats().orders - before;
      check('the order is repeated, and made once', order.codes.length === 0 && made === 1, made);
      check('the order took two calls', world.calls(ORDER) === 2, world.calls(ORDER));
    },
  },
  {
    id: 'F14',
    what: 'JSON that is called HTML, or nothing',
    fault: () => {},
    control: countIsThere,
    async run(context) {
      const [html, none] = await askEach(context, [{ contentType: 'text/html' }, { contentType: '' }]);
      context.check('HTML is refused', html?.codes[0] === 'UPSTREAM_BAD_RESPONSE', String(html?.codes));
      context.check('no media type is read as JSON', none?.codes.length === 0, String(none?.codes));
    },
  },
  {
    id: 'F18',
    what: 'one unit of fifty has another form',
    fault: () => {},
    control: async ({ world }) => (await world.ask(NAMES)).codes.length === 0,
    async run({ world, check }) {
      for (const [what, patch] of oddRows) {
        world.sandbox.reset();
        world.sandbox.fault({ route: LIST, patch: [patch] });
        const { data, errors } = await world.ask(NAMES);
        const { nodes } = (data as { salesUnits: { nodes: unknown[] } }).salesUnits;
        check(`${what}: the others are there`, nodes.length >= 49 && errors.length <= 1, nodes.length);
      }
      const said = world.gateway.cli.stdout + world.gateway.cli.stderr;
      check('no value in the log', !said.includes(ODD), 'none');
    },
  },
  {
    id: 'F32',
    what: 'redirects to another host',
    fault: ({ world }) =>
      void world.sandbox.fault({ route: LIST, status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
    control: countIsThere,
    async run({ world, check }) {
      const { codes } = await world.ask(COUNT);
      check('UPSTREAM_BAD_RESPONSE', codes[0] === 'UPSTREAM_BAD_RESPONSE', String(codes));
    },
  },
];
