import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createDirectory, type RunningDirectory } from '../../src/directory/directory.ts';
import type { DirectoryIndex } from '../../src/directory/directory-index.ts';
import { DirectoryThread } from '../../src/store/directory/directory-thread.ts';
import { CircuitOpen, UpstreamRateLimited, UpstreamUnavailable } from '../../src/upstream/errors.ts';
import type { ManagementApi } from '../../src/upstream/management-api.ts';
import { type BusinessIdentifier, businessKey } from '../../src/upstream/models/identifiers.ts';

const folder = mkdtempSync(join(tmpdir(), 'directory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const route = 'GET /management/v1/sales-units/{msn}';
const waits = { idleMs: 5, retryMs: 10, outageMs: 20, refusedMs: 20 };
const MAX_AGE_MS = 250;

const identifierOf = (merchant: number): BusinessIdentifier => ({
  scheme: 'business:NO:ORG',
  value: String(987_654_000 + merchant),
});
const msnOf = (unit: number) => String(100_000 + unit);

interface Unit {
  name: string;
  merchant: number;
  recurringAllowed: boolean;
}

/** An upstream that changes and fails as it is told. */
class ChangingUpstream {
  readonly units = new Map<number, Unit>();
  readonly merchants = new Map<number, string>();
  /** What the next calls fail with. */
  readonly failures: Error[] = [];

  change(change: Change): void {
    const { unit, merchant, text } = change;
    const known = this.units.get(unit);
    if (change.kind === 'remove') this.units.delete(unit);
    else if (change.kind === 'merchant') this.merchants.set(merchant, `Merchant ${text}`);
    else if (change.kind === 'rename' && known) known.name = `Unit ${text}`;
    else if (change.kind === 'move' && known) known.merchant = merchant;
    else if (change.kind === 'flag' && known) known.recurringAllowed = !known.recurringAllowed;
    else this.units.set(unit, { name: `Unit ${text}`, merchant, recurringAllowed: text.length > 2 });
  }

  list = () => [...this.units].map(([unit, { name }]) => ({ msn: msnOf(unit), name }));

  detail(msn: string) {
    const unit = this.units.get(Number(msn) - 100_000);
    if (!unit) return null;
    const { name, merchant, recurringAllowed } = unit;
    return { msn, name, businessIdentifier: identifierOf(merchant), configuration: { recurringAllowed } };
  }

  merchant(identifier: BusinessIdentifier) {
    const merchant = Number(identifier.value) - 987_654_000;
    return {
      businessIdentifier: identifier,
      name: this.merchants.get(merchant) ?? 'Merchant',
      countryCode: 'NO',
    };
  }

  /** As the client's: everything that is read is noted. */
  api(note: RunningDirectory['archive']['note']): ManagementApi {
    const call = async <T>(subject: Parameters<typeof note>[0], value: () => T): Promise<T> => {
      const readAt = Date.now();
      await sleep(1);
      const failure = this.failures.shift();
      if (failure) throw failure;
      const answer = structuredClone(value());
      await sleep(1);
      note(subject, { value: answer, readAt });
      return answer;
    };
    return {
      salesUnits: () => call({ kind: 'salesUnits' }, this.list),
      salesUnit: (msn: string) => call({ kind: 'salesUnit', msn }, () => this.detail(msn)),
      merchant: (identifier: BusinessIdentifier) =>
        call({ kind: 'merchant', identifier }, () => this.merchant(identifier)),
    } as unknown as ManagementApi;
  }

  /** All that a directory should know. */
  whole() {
    return [...this.units.keys()]
      .sort((left, right) => left - right)
      .map((unit) => {
        const details = this.detail(msnOf(unit));
        return { details, merchant: details && this.merchant(details.businessIdentifier) };
      });
  }
}

const changes = ['add', 'remove', 'rename', 'move', 'flag', 'merchant'] as const;
const change = fc.record({
  kind: fc.constantFrom(...changes),
  unit: fc.nat(4),
  merchant: fc.nat(3),
  text: fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom(...'aåøæe Kk') }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ step: fc.constant('change' as const), change }) },
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
          { path, maxAgeMs: MAX_AGE_MS },
          () => {},
          () => {},
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
          answersReads: true,
          onFailure: () => {},
          waits,
        });
        directory.start({ uncachedApi: () => upstream.api(directory.archive.note) });
        return { thread, index, directory, life };
      };
      let running = start();
      // Changes before the first list was read would not be seen as such.
      while (!(await running.directory.status()).isComplete) await sleep(5);
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
      await running.directory.stop();
      await running.thread.stop();
    }),
    { numRuns: 8, endOnFailure: true },
  );
});
