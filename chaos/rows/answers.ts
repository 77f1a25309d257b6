import type { Fault } from '../../src/sandbox/faults/fault.ts';
import { ms } from '../figures.ts';
import { closedLoad } from '../load.ts';
import { COUNT, countIsThere, LIST } from '../requests.ts';
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
