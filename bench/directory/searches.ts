import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import MiniSearch from 'minisearch';
import type { DirectoryIndex } from '../../src/directory/directory-index.ts';
import { fold } from '../../src/directory/fold.ts';
import { readSearchQuery } from '../../src/directory/search-query.ts';
import { type Search, searchSet } from '../../test/store/directory/search-set.ts';
import { directoryOf, knownUnits, openKnown } from '../../test/store/directory/world-directory.ts';

// node --expose-gc bench/directory/searches.ts [UNITS] [SEARCHES_OF_A_KIND] [missed]: how many of the searches of a set with known
// answers find one of them on the first page of 20, how long they take, and how the directory compares with `contains` and
// with MiniSearch, a search library that keeps everything in memory.
const [unitCount = '100000', each = '50', show] = process.argv.slice(2);
const PAGE = 20;
const print = (text: string) => process.stdout.write(`${text}\n`);
const memory = () => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
};

const units = knownUnits(Number(unitCount));
const searches = searchSet(units, Number(each));
const folder = mkdtempSync(join(tmpdir(), 'searches-'));
const file = join(folder, 'directory.sqlite');

const page = async (index: DirectoryIndex, query: string) =>
  (
    await index.units({
      query: readSearchQuery(query),
      conditions: { flags: new Map() },
      order: { field: 'relevance', descending: false },
      size: PAGE,
      fromEnd: false,
      after: undefined,
      before: undefined,
    })
  ).rows.map(({ msn }) => msn);

async function measure(
  name: string,
  find: (query: string) => Promise<readonly string[]> | readonly string[],
) {
  const times: number[] = [];
  const found = new Map<string, { found: number; of: number }>();
  const missed: Search[] = [];
  for (const search of searches) {
    const from = performance.now();
    const msns = await find(search.query);
    times.push(performance.now() - from);
    const kind = found.get(search.kind) ?? { found: 0, of: 0 };
    found.set(search.kind, kind);
    kind.of++;
    if (msns.slice(0, PAGE).some((msn) => search.right.has(msn))) kind.found++;
    else missed.push(search);
  }
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number) => (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(1);
  const all = searches.length - missed.length;
  print(
    `${name}: ${all} of ${searches.length} found (${((100 * all) / searches.length).toFixed(1)} %), p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
  print(`  ${[...found].map(([kind, { found, of }]) => `${kind} ${found}/${of}`).join(', ')}`);
  if (show === 'missed') for (const { kind, query } of missed) print(`  missed (${kind}): ${query}`);
}

const before = memory();
await (await directoryOf(units, file)).close();
const startedAt = performance.now();
const index = openKnown(file);
const openMs = performance.now() - startedAt;
// What the directory reads by itself after it was opened.
await sleep(500);
const searchedAt = performance.now();
await page(index, searches[0]?.query ?? '');
const firstMs = performance.now() - searchedAt;
print(
  `${units.length} units; opened in ${openMs.toFixed(0)} ms, first search ${firstMs.toFixed(0)} ms half a second later`,
);
await measure('directory', (query) => page(index, query));
await index.close();
print(`  memory of the process: ${(memory() - before).toFixed(0)} MB more`);

// What a client can do with `filter: { name: { contains } }`, over units with the name of their merchant.
const texts = units.map(({ details, merchant }) => ({
  msn: details.msn,
  text: `${String(details.name)} ${String(merchant.name)} ${details.msn}`.toLowerCase(),
}));
await measure('contains', (query) => {
  const part = query.toLowerCase();
  return texts
    .filter(({ text }) => text.includes(part))
    .slice(0, PAGE)
    .map(({ msn }) => msn);
});

const withoutLibrary = memory();
const library = new MiniSearch({
  idField: 'msn',
  fields: ['name', 'merchant', 'msn', 'org'],
  processTerm: (term) => fold(term),
  searchOptions: { prefix: true, fuzzy: 0.2, combineWith: 'AND' },
});
const buildFrom = performance.now();
library.addAll(
  units.map(({ details, merchant }) => ({
    msn: details.msn,
    name: String(details.name),
    merchant: String(merchant.name),
    org: String((details.businessIdentifier as { value: string }).value).replaceAll('-', ''),
  })),
);
const buildMs = performance.now() - buildFrom;
await measure('MiniSearch', (query) =>
  library
    .search(query)
    .slice(0, PAGE)
    .map(({ id }) => String(id)),
);
print(
  `  built in ${(buildMs / 1_000).toFixed(1)} s; memory ${(memory() - withoutLibrary).toFixed(0)} MB more`,
);
rmSync(folder, { recursive: true });
