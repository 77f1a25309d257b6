import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Change,
  type ChangeConditions,
  type ChangePage,
  ChangesExpired,
  changeKinds,
  type FoundChanges,
} from '../../src/directory/changes/change.ts';
import { ChangeFeed } from '../../src/directory/changes/feed.ts';
import { matches } from '../../src/directory/changes/matches.ts';
import { DirectoryUnavailable } from '../../src/directory/directory-index.ts';

const EPOCH = 'a';
const HEARTBEAT_MS = 60;

/** The changes of a file, which answers late and sometimes fails. */
function createFile() {
  const stored: Change[] = [];
  let failures = 0;
  const index = {
    async changes({ conditions, size, fromEnd, after }: ChangePage): Promise<FoundChanges> {
      const last = stored.length;
      await nextTurn();
      if (failures > 0) {
        failures--;
        throw new DirectoryUnavailable('its thread ended');
      }
      if (after && (after.epoch !== EPOCH || after.sequence > last))
        throw new ChangesExpired({ epoch: EPOCH, sequence: 0 });
      const from = after?.sequence ?? 0;
      const found = stored.filter(
        (change) => change.sequence > from && change.sequence <= last && matches(change, conditions),
      );
      await nextTurn();
      return {
        epoch: EPOCH,
        changes: fromEnd ? [] : found.slice(0, size),
        first: from,
        last,
        hasNextPage: !fromEnd && found.length > size,
        hasPreviousPage: false,
        observedSince: 0,
      };
    },
  };
  const store = (kinds: readonly number[]): Change[] => {
    const added = kinds.map((kind, position) => ({
      sequence: stored.length + position + 1,
      at: 0,
      kind: changeKinds[kind % changeKinds.length] ?? 'SALES_UNIT_ADDED',
      msn: String(kind % 3),
      fields: [],
    }));
    stored.push(...added);
    return added;
  };
  return {
    stored,
    index,
    store,
    fail: () => {
      failures = 1;
    },
  };
}

type Step =
  | { readonly do: 'store'; readonly kinds: readonly number[]; readonly isTold: boolean }
  | { readonly do: 'follow'; readonly back: number | undefined; readonly msns: readonly string[] | undefined }
  | { readonly do: 'leave' | 'pause' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('store' as const),
      kinds: fc.oneof(
        { weight: 9, arbitrary: fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }) },
        { weight: 1, arbitrary: fc.array(fc.nat(30), { minLength: 120, maxLength: 250 }) },
      ),
      isTold: fc.boolean(),
    }),
  },
  fc.record({
    do: fc.constant('follow' as const),
    back: fc.option(fc.nat(300), { nil: undefined }),
    msns: fc.option(fc.subarray(['0', '1', '2'], { minLength: 1 }), { nil: undefined }),
  }),
  fc.record({ do: fc.constantFrom('leave' as const, 'pause' as const) }),
);

it('gives each follower every change after its place once, in order', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { stored, index, store } = createFile();
      const feed = new ChangeFeed(index);
      const followers: {
        readonly from: number;
        readonly conditions: ChangeConditions;
        readonly seen: Change[];
        readonly flags: boolean[];
        last: number;
        readonly end: () => Promise<void>;
      }[] = [];
      for (const one of steps) {
        if (one.do === 'store') {
          const added = store(one.kinds);
          // A crash of the thread loses word of some.
          if (one.isTold) feed.add({ epoch: EPOCH, changes: added });
        } else if (one.do === 'follow') {
          const after =
            one.back === undefined
              ? undefined
              : { epoch: EPOCH, sequence: Math.max(0, stored.length - one.back) };
          const conditions = { ...(one.msns && { msns: one.msns }) };
          const stream = await feed.follow(after, { conditions, heartbeatMs: HEARTBEAT_MS });
          const seen: Change[] = [];
          const flags: boolean[] = [];
          const follower = {
            from: after?.sequence ?? stream.place.sequence,
            conditions,
            seen,
            flags,
            last: 0,
            end: async () => {
              stream.close();
              await reading;
            },
          };
          const reading = (async () => {
            for await (const { change, place, caughtUp } of stream) {
              if (change) seen.push(change);
              flags.push(caughtUp);
              expect(place.sequence).toBeGreaterThanOrEqual(follower.last);
              follower.last = place.sequence;
            }
          })();
          followers.push(follower);
        } else if (one.do === 'leave') await followers.shift()?.end();
        else await nextTurn();
      }
      // The last one is told, so that nobody waits for the look at the file.
      feed.add({ epoch: EPOCH, changes: store([0, 1, 2]) });
      const wanted = ({ from, conditions }: (typeof followers)[number]) =>
        stored.filter((change) => change.sequence > from && matches(change, conditions));
      for (let wait = 0; wait < 2_000; wait++) {
        if (followers.every((follower) => follower.last >= stored.length)) break;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      for (const follower of followers) {
        await follower.end();
        expect(follower.seen).toEqual(wanted(follower));
        expect(follower.flags).toEqual([...follower.flags].sort());
      }
    }),
    { numRuns: 150 },
  );
});

it('tells its place when nothing matches, also while other things change', async () => {
  const { index, store } = createFile();
  const feed = new ChangeFeed(index);
  const stream = await feed.follow(undefined, { conditions: { msns: ['none'] }, heartbeatMs: HEARTBEAT_MS });
  expect(await stream.next()).toMatchObject([{ change: undefined, caughtUp: true, place: { sequence: 0 } }]);
  const changing = setInterval(() => feed.add({ epoch: EPOCH, changes: store([1]) }), 5);
  const [heartbeat] = await stream.next();
  clearInterval(changing);
  expect(heartbeat?.change).toBeUndefined();
  expect(heartbeat?.place.sequence).toBeGreaterThan(0);
  stream.close();
  expect(await stream.next()).toEqual([]);
});

it('reads again after a failure of the file, and refuses places that it does not know', async () => {
  const { index, store, fail } = createFile();
  const feed = new ChangeFeed(index);
  store([1, 2]);
  const options = { conditions: {}, heartbeatMs: HEARTBEAT_MS };
  const stream = await feed.follow({ epoch: EPOCH, sequence: 0 }, options);
  fail();
  expect((await stream.next()).map(({ change }) => change?.sequence)).toEqual([1, 2]);
  stream.close();
  await expect(feed.follow({ epoch: 'b', sequence: 0 }, options)).rejects.toBeInstanceOf(ChangesExpired);
  await expect(feed.follow({ epoch: EPOCH, sequence: 9 }, options)).rejects.toBeInstanceOf(ChangesExpired);
  // Also while somebody else follows, so that the last changes are in memory.
  const other = await feed.follow(undefined, options);
  await other.next();
  await expect(feed.follow({ epoch: EPOCH, sequence: 9 }, options)).rejects.toBeInstanceOf(ChangesExpired);
  other.close();
});

it('finds a change that nobody told of', { timeout: 15_000 }, async () => {
  const { index, store } = createFile();
  const feed = new ChangeFeed(index);
  const stream = await feed.follow(undefined, { conditions: {}, heartbeatMs: 60_000 });
  await stream.next();
  store([7]);
  expect(await stream.next()).toMatchObject([{ change: { sequence: 1 } }]);
  stream.close();
});
