import { setTimeout as sleep } from 'node:timers/promises';
import { pointedAt, startServing } from '../../test/cli/serving.ts';
import { ms } from '../figures.ts';
import { dayLater } from '../preloads.ts';
import { countIsThere, UNIT } from '../requests.ts';
import type { Row } from '../row.ts';
import { ask, type World } from '../world.ts';

const DAY_MS = 86_400_000;
const PACE = 200;
const withDirectory = { CACHE: 'on', DIRECTORY: 'on', DIRECTORY_CALLS_PER_SECOND: String(PACE) };
const REPORT = { 'x-upstream-report': '1' };

interface Status {
  readonly directory: { readonly isComplete: boolean; readonly oldestRecordAt: string | null };
}
const statusOf = async (world: World) =>
  ((await world.ask('{ directory { isComplete oldestRecordAt } }')).data as Status).directory;
async function whenComplete(world: World): Promise<void> {
  while (!(await statusOf(world)).isComplete) await sleep(50);
}

/** What the partner portal shows and the API has, by the name of the function there. */
function portalFunctions({ sandbox }: World): Readonly<Record<string, string>> {
  const [msn = ''] = sandbox.data.msns;
  const { name, businessIdentifier } = sandbox.data.merchantOf(msn);
  const { scheme, id } = businessIdentifier;
  const identifier = `{ scheme: "${scheme}", value: "${id}" }`;
  return {
    'product orders': '{ productOrders { nodes { productOrderId status url } } }',
    'active sales units': '{ salesUnits(first: 100) { totalCount nodes { msn name } } }',
    filter: `{ salesUnits(query: ${JSON.stringify(name)}) { totalCount nodes { msn merchant { name } } } }`,
    'details of a sales unit': `{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`,
    'details of a merchant': `{ merchant(businessIdentifier: ${identifier}) { name status } }`,
    'units of a merchant': `{ merchant(businessIdentifier: ${identifier}) { salesUnits { totalCount nodes { msn } } } }`,
    'price packages': '{ pricePackages { name } }',
  };
}

/** How long a page of 100 units with details took, of units that nobody has read. */
async function coldPage(url: string, after: string | null): Promise<{ took: number; end: string }> {
  const place = after ? `after: ${JSON.stringify(after)}, ` : '';
  // From the end of the list: the directory begins at its start.
  const page = await ask(
    url,
    `{ salesUnits(first: 100, ${place}orderBy: { field: MSN, direction: DESC }) {
        pageInfo { endCursor } nodes { configuration { captureType } } } }`,
  );
  if (page.codes.length > 0) throw new Error(page.text);
  const { salesUnits } = page.data as { salesUnits: { pageInfo: { endCursor: string } } };
  return { took: page.ms, end: salesUnits.pageInfo.endCursor };
}
const median = (times: readonly number[]) =>
  times.toSorted((left, right) => left - right)[times.length >> 1] ?? 0;

export const directoryRows: readonly Row[] = [
  {
    id: 'D01',
    what: 'the upstream is gone for a day, then comes back',
    env: { ...withDirectory, ...dayLater },
    sandbox: { units: 500, latencyMs: 5 },
    fault: () => {},
    control: countIsThere,
    async run({ world, check }) {
      const { sandbox, gateway } = world;
      const functions = portalFunctions(world);
      await whenComplete(world);
      const before: Record<string, unknown> = {};
      for (const [name, query] of Object.entries(functions)) before[name] = (await world.ask(query)).data;
      await sleep(200);
      sandbox.fault({ reset: 'beforeHeaders' });
      gateway.cli.send('SIGUSR2');
      await sleep(200);

      let [answered, dated] = [0, 0];
      for (const [name, query] of Object.entries(functions)) {
        const reply = await world.ask(query, { ...REPORT, 'cache-control': 'max-stale' });
        const age = Date.now() + DAY_MS - Date.parse(reply.extensions?.upstream?.oldest ?? '');
        if (reply.codes.length === 0 && JSON.stringify(reply.data) === JSON.stringify(before[name]))
          answered++;
        if (Math.abs(age - DAY_MS) < 60_000) dated++;
      }
      const all = Object.keys(functions).length;
      check('all functions of the portal answer with max-stale', answered === all, `${answered} of ${all}`);
      check('with an age of a day', dated === all, `${dated} of ${all}`);
      const codes: string[] = [];
      for (const [name, query] of Object.entries(functions))
        if (name !== 'filter') codes.push((await world.ask(query)).codes[0] ?? 'none');
      const isCoded = codes.every((code) => /^(UPSTREAM_UNAVAILABLE|CIRCUIT_OPEN)$/.test(code));
      check('without it they fail with a code', isCoded, [...new Set(codes)].join(', '));
      const age = Date.now() + DAY_MS - Date.parse((await statusOf(world)).oldestRecordAt ?? '');
      check('the directory tells its age', age >= DAY_MS, ms(age));

      sandbox.clearFaults();
      sandbox.reset();
      const backAt = performance.now();
      const isFresh = async () =>
        Date.now() + DAY_MS - Date.parse((await statusOf(world)).oldestRecordAt ?? '') < 60_000;
      while (!(await isFresh()) && performance.now() - backAt < 60_000) await sleep(50);
      const tookS = (performance.now() - backAt) / 1_000;
      const merchants = new Set(sandbox.data.merchants.map(({ id }) => id)).size;
      const records = sandbox.data.msns.length + merchants;
      check('then everything is read again', tookS < records / PACE + 15, `${tookS.toFixed(1)} s`);
      const calls = sandbox.calls().filter(({ template }) => !template.includes('token'));
      const reads = calls.filter(({ status }) => status === 200).length;
      check(
        'each record once, and the lists',
        reads <= records + 10,
        `${reads} calls for ${records} records`,
      );
      const times = calls.map(({ at }) => at);
      const most = Math.max(
        ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
      );
      check('at its pace', most <= PACE * 1.15, `${most} calls in the busiest second`);
      check('16 at once at most', sandbox.stats().peak <= 17, sandbox.stats().peak);
    },
  },
  {
    id: 'D02',
    what: 'a caller reads pages of cold units while a directory is filled',
    env: withDirectory,
    sandbox: { units: 20_000, latencyMs: 20 },
    fault: () => {},
    control: countIsThere,
    async run({ world, count, check }) {
      await using without = await startServing({ ...pointedAt(world.sandbox), RATE_LIMIT_PER_MINUTE: '0' });
      const [during, alone]: [number[], number[]] = [[], []];
      let [end, endAlone]: [string | null, string | null] = [null, null];
      // Alternately, so that both see the same machine. The first pages read the list.
      for (let page = 0; page < 4 + count(40); page++) {
        const one = await coldPage(world.gateway.url, end);
        const other = await coldPage(without.url, endAlone);
        [end, endAlone] = [one.end, other.end];
        if (page < 4) continue;
        during.push(one.took);
        alone.push(other.took);
      }
      check('the directory is being filled meanwhile', !(await statusOf(world)).isComplete, 'not complete');
      const ratio = median(during) / median(alone);
      const figure = `${ms(median(during))} during a fill, ${ms(median(alone))} without a directory`;
      check('a page takes ≤ 1.15 × its time', ratio <= 1.15, `${ratio.toFixed(2)} ×: ${figure}`);
    },
  },
  {
    id: 'D03',
    what: 'a 429 while a directory is filled',
    env: withDirectory,
    sandbox: { units: 20_000, latencyMs: 5 },
    fault: () => {},
    control: countIsThere,
    async run({ world, check }) {
      const { sandbox } = world;
      while (world.calls(UNIT) < PACE) await sleep(20);
      const perSecond = (from: number) =>
        sandbox
          .calls()
          .filter(({ at, template }) => UNIT.endsWith(template) && at >= from && at < from + 1_000).length;
      sandbox.fault({ route: UNIT, status: 429, retryAfter: 1, times: 1 });
      while (!sandbox.calls().some(({ status }) => status === 429)) await sleep(5);
      const refusedAt = sandbox.calls().find(({ status }) => status === 429)?.at ?? 0;
      const before = perSecond(refusedAt - 1_000);
      await sleep(1_000);
      const within = sandbox.calls().filter(({ at }) => at > refusedAt + 50 && at < refusedAt + 950).length;
      check('no call while Retry-After says so', within === 0, within);
      await sleep(1_500);
      const after = perSecond(refusedAt + 1_200);
      check(
        'then half the pace',
        after <= before * 0.65 && after >= before * 0.35,
        `${before}, then ${after}`,
      );
      await sleep(11_000);
      const now = sandbox.calls().at(-1)?.at ?? 0;
      const recovered = perSecond(now - 1_100);
      check('then the whole pace again', recovered >= before * 0.9, `${recovered} per second`);
      const refused = sandbox.calls().filter(({ status }) => status === 429).length;
      check('one call was refused', refused === 1, refused);
    },
  },
];
