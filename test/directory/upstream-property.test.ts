import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Change } from '../../src/directory/changes/change.ts';
import { createDirectory } from '../../src/directory/directory.ts';
import type { DirectoryIndex } from '../../src/directory/directory-index.ts';
import { DirectoryThread } from '../../src/store/directory/directory-thread.ts';
import { CircuitOpen, UpstreamRateLimited, UpstreamUnavailable } from '../../src/upstream/errors.ts';
import { businessKey, readBusinessKey } from '../../src/upstream/models/identifiers.ts';
import { ChangingUpstream, msnOf, upstreamChange } from './changing-upstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'directory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const route = 'GET /management/v1/sales-units/{msn}';
const waits = { idleMs: 5, retryMs: 10, outageMs: 20, refusedMs: 20 };
const MAX_AGE_MS = 250;

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ step: fc.constant('change' as const), change: upstreamChange }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('fail' as const),
      how: fc.nat(2),
      calls: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('read' as const), unit: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('kill' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ step: fc.constant('wait' as const), ms: fc.integer({ min: 20, max: 100 }) }),
  },
);

const failure = (how: number) =>
  [
    new UpstreamUnavailable('answered 503', { route, reason: 'status' }),
    new UpstreamRateLimited('rate limited', { route, retryAfterMs: 15 }),
    new CircuitOpen(route, 10),
  ][how] as Error;

/** Reads every change, page by page. */
async function changesOf(index: DirectoryIndex): Promise<Change[]> {
  const all: Change[] = [];
  for (;;) {
    const last = all.at(-1)?.sequence;
    const { epoch } = await index.changes(page());
    const after = last === undefined ? undefined : { epoch, sequence: last };
    const { changes, hasNextPage } = await index.changes({ ...page(), after });
    all.push(...changes);
    if (!hasNextPage) return all;
  }
}
const page = () => ({ conditions: {}, size: 7, fromEnd: false, after: undefined, before: undefined });

const sorted = (state: Record<string, Record<string, string>>) =>
  Object.entries(state)
    .map(([key, fields]) => [key, Object.entries(fields).sort()] as const)
    .sort();

/** Applies changes to a state. Throws if one does not fit. */
function fold(state: Record<string, Record<string, string>>, changes: readonly Change[]): void {
  for (const { kind, msn, merchant, productOrder, fields } of changes) {
    const business = readBusinessKey(merchant ?? '');
    const key = productOrder
      ? `order ${productOrder}`
      : msn
        ? `unit ${msn}`
        : `merchant ${business?.scheme} ${business?.value}`;
    const known = state[key];
    if (kind.endsWith('ADDED') === (known !== undefined)) throw new Error(`${kind} does not fit ${key}`);
    const now = { ...known };
    for (const { name, before, after } of fields) {
      if ((now[name] ?? null) !== before) throw new Error(`${key} ${name} was ${now[name]}, not ${before}`);
      if (after === null) delete now[name];
      else now[name] = after;
    }
    if (kind.endsWith('REMOVED')) delete state[key];
    else state[key] = now;
  }
}

async function contentOf(index: DirectoryIndex) {
  const { rows } = await index.units({
    query: undefined,
    conditions: { flags: new Map() },
    order: { field: 'msn', descending: false },
    size: 100,
    fromEnd: false,
    after: undefined,
    before: undefined,
  });
  return rows.map(({ name, details, merchant }) => ({
    details: details?.value && { ...details.value, name },
    merchant: merchant?.value,
  }));
}

it('is what the upstream is, once nothing changes, whatever changed, failed, was read or killed before', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      const upstream = new ChangingUpstream();
      for (let unit = 0; unit < 3; unit++)
        upstream.change({ kind: 'add', unit, merchant: unit % 3, text: String(unit) });
      const path = join(folder, `${files++}.sqlite`);
      const start = () => {
        const thread = new DirectoryThread();
        const opened = thread.open(
          { path, maxAgeMs: MAX_AGE_MS, changesKeepMs: 86_400_000, gapMs: 86_400_000, confirmMs: 0 },
          { onFailure() {}, onDamage() {}, onChanges() {} },
        );
        const life = { isOver: false };
        // A killed process asks nothing more.
        const index = new Proxy(opened, {
          get: (target, name: keyof DirectoryIndex) =>
            life.isOver ? () => Promise.reject(new Error('killed')) : target[name],
        });
        const directory = createDirectory({
          index,
          callsPerSecond: 2_000,
          listMs: 40,
          ordersMs: 30,
          answersReads: true,
          onFailure: () => {},
          waits,
        });
        directory.start({ uncachedApi: () => upstream.api(directory.archive.note) });
        return { thread, index, directory, life };
      };
      let running = start();
      // Changes before the first list was read would not be seen as such.
      while ((await running.index.changes(page())).observedSince === undefined) await sleep(5);
      const folded = upstream.state();
      for (const step of steps)
        if (step.step === 'change') upstream.change(step.change);
        else if (step.step === 'fail')
          upstream.failures.push(...Array.from({ length: step.calls }, () => failure(step.how)));
        else if (step.step === 'wait') await sleep(step.ms);
        else if (step.step === 'read')
          void upstream
            .api(running.directory.archive.note)
            .salesUnit(msnOf(step.unit))
            .catch(() => {});
        else {
          // The thread ends at whatever instruction it is.
          running.life.isOver = true;
          await running.thread.stop();
          void running.directory.stop().catch(() => {});
          running = start();
        }
      upstream.failures.length = 0;
      const expected = upstream.whole();
      const deadline = performance.now() + 10_000;
      let content = await contentOf(running.index);
      while (JSON.stringify(content) !== JSON.stringify(expected) && performance.now() < deadline) {
        await sleep(20);
        content = await contentOf(running.index);
      }
      expect(content).toEqual(expected);
      // Merchants without a unit do not count.
      const owners = new Set(
        expected.flatMap(({ details }) => (details ? [businessKey(details.businessIdentifier)] : [])),
      );
      expect(await running.index.counts()).toMatchObject({
        salesUnits: expected.length,
        knownSalesUnits: expected.length,
        merchants: owners.size,
        knownMerchants: owners.size,
      });
      // What the changes tell, from the first state on, is what there is: none is lost, none is told twice.
      const wanted = JSON.stringify(sorted(upstream.state()));
      const stateNow = async () => {
        const state = structuredClone(folded);
        fold(state, await changesOf(running.index));
        return sorted(state);
      };
      while (JSON.stringify(await stateNow()) !== wanted && performance.now() < deadline) await sleep(20);
      expect(await stateNow()).toEqual(sorted(upstream.state()));
      const sequences = (await changesOf(running.index)).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_sequence, at) => at + 1));
      await running.directory.stop();
      await running.thread.stop();
    }),
    { numRuns: 8, endOnFailure: true },
  );
});
