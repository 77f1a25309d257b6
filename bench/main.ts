import { CROWD, measureCrowd } from './crowd.ts';
import { measureLookups } from './lookups.ts';
import { type Comparison, measurePage, type PageResult } from './page.ts';
import { table } from './table.ts';

/** The most that the gateway may take, as a multiple of the floor. */
const goals = { cold: 1.3, repeated: 1.2 };

const print = (text: string) => process.stdout.write(`${text}\n`);

print(`A page of N sales units with their merchants: 1 + N + N/5 upstream calls of 20 ms, 64 at once, CACHE=off.
floor: the same calls by hand on node:http and undici, without GraphQL. cold: the first request of a fresh process.\n`);

const pages = [await measurePage(100, 9, 12), await measurePage(1_000, 5, 6)];
const missed: string[] = pages.flatMap(({ size, mistakes }) =>
  mistakes.map((mistake) => `N=${size}, ${mistake}`),
);
const rows = pages.flatMap((page) => [pageRow(page, 'cold'), pageRow(page, 'repeated')]);
print(table(['', 'floor ms', 'gateway ms', 'ratio', 'min', 'max', 'goal'], rows));

const perSecond = (count: number) => Math.round(count).toLocaleString('en');
const crowd = await measureCrowd();
print(
  table(
    [`${CROWD} clients at once, N=100, cold`, 'upstream calls', 'ms'],
    crowd.map(({ who, calls, ms }) => [who, String(calls), ms.toFixed(0)]),
  ),
);
const lookups = await measureLookups();
print(
  table(
    ['one unit with its merchant, in memory', 'requests/s'],
    lookups.map((lookup) => [lookup.who, perSecond(lookup.perSecond)]),
  ),
);

for (const line of new Set(missed)) print(`MISSED  ${line}`);
if (missed.length > 0) process.exitCode = 1;

function pageRow(page: PageResult, which: keyof typeof goals): string[] {
  const { floor, gateway, ratio }: Comparison = page[which];
  const goal = goals[which];
  const name = `N=${page.size} ${which}`;
  if (!(ratio.median <= goal)) missed.push(`${name}: ${ratio.median.toFixed(2)} is above ${goal.toFixed(2)}`);
  return [name, floor.toFixed(0), gateway.toFixed(0), ...[ratio.median, ratio.min, ratio.max, goal].map(two)];
}

function two(value: number): string {
  return value.toFixed(2);
}
