import { ms, percent } from '../figures.ts';
import { openLoad } from '../load.ts';
import { COUNT, LIST } from '../requests.ts';
import type { Row, RowContext } from '../row.ts';
import { type TenantName, type Tenants, tenantNames } from '../tenants.ts';

const PAGE = '{ salesUnits(first: 50) { nodes { configuration { captureType } } } }';
const FRESH = { 'cache-control': 'no-cache' };
const others = tenantNames.filter((name) => name !== 'partner');

function headersOf({ world: { tenants } }: RowContext, name: TenantName): ReturnType<Tenants['headers']> {
  if (!tenants) throw new Error('the row has no tenants');
  return tenants.headers(name);
}

/** The requests of the other tenants, in turn. */
const loadOfOthers = (context: RowContext, perSecond: number, seconds: number) =>
  openLoad(perSecond, seconds, (index) =>
    context.world.ask(COUNT, {
      ...FRESH,
      ...headersOf(context, others[index % others.length] ?? 'merchant'),
    }),
  );

export const tenantRows: readonly Row[] = [
  {
    id: 'F08',
    what: 'the calls of one tenant fail',
    tenants: true,
    fault: ({ world }) => void world.sandbox.fault({ route: LIST, status: 500, tenant: 'partner' }),
    control: async (context) => (await loadOfOthers(context, 50, 1)).okShare === 1,
    async run(context) {
      const { world, scale, check } = context;
      const seconds = Math.max(3, 30 * scale);
      const [failing, well] = await Promise.all([
        openLoad(50, seconds, () => world.ask(COUNT, { ...FRESH, ...headersOf(context, 'partner') })),
        loadOfOthers(context, 150, seconds),
      ]);
      check(
        'the others are all ok',
        well.okShare === 1,
        `${percent(well.okShare)} of ${well.replies.length}`,
      );
      const broken = failing.replies.filter(({ codes }) => codes[0] === 'CIRCUIT_OPEN').length;
      check(
        'its breaker is open',
        broken >= 0.5 * failing.replies.length,
        `${broken} of ${failing.replies.length}`,
      );
    },
  },
  {
    id: 'F54',
    what: 'one tenant sends ten times its share',
    tenants: true,
    sandbox: { latencyMs: 20 },
    fault: () => {},
    control: async (context) => (await loadOfOthers(context, 20, 1)).okShare === 1,
    async run(context) {
      const { world, scale, check } = context;
      const seconds = Math.max(4, 30 * scale);
      const alone = await loadOfOthers(context, 50, seconds);
      const [, beside] = await Promise.all([
        openLoad(100, seconds, () => world.ask(PAGE, { ...FRESH, ...headersOf(context, 'partner') })),
        loadOfOthers(context, 50, seconds),
      ]);
      check('the others ≥ 99.9 % ok', beside.okShare >= 0.999, percent(beside.okShare));
      const [before, after] = [alone.percentile(0.99), beside.percentile(0.99)];
      check(
        'their p99 ≤ 1.5 × or + 20 ms',
        after <= Math.max(1.5 * before, before + 20),
        `${ms(after)}, alone ${ms(before)}`,
      );
    },
  },
];
