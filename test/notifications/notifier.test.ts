import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, type ChangePage, ChangesExpired } from '../../src/directory/changes/change.ts';
import { ChangeFeed } from '../../src/directory/changes/feed.ts';
import { type CursorStore, type Notification, Notifier } from '../../src/notifications/notifier.ts';
import type { Attempt } from '../../src/notifications/post.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { Secret } from '../../src/upstream/keys/secret.ts';

const EPOCH = 'a';
const PAUSES = { firstMs: 1, longestMs: 4 };

/** Changes, and a feed of them. */
function createChanges() {
  const stored: Change[] = [];
  let oldest = 0;
  const index = {
    async changes({ size, fromEnd, after, conditions: { kinds } }: ChangePage) {
      if (after && (after.epoch !== EPOCH || after.sequence < oldest))
        throw new ChangesExpired({ epoch: EPOCH, sequence: oldest });
      const from = after?.sequence ?? oldest;
      const found = stored.filter(
        ({ sequence, kind }) => sequence > from && (kinds === undefined || kinds.includes(kind)),
      );
      return {
        epoch: EPOCH,
        changes: fromEnd ? [] : found.slice(0, size),
        first: from,
        last: stored.length,
        hasNextPage: !fromEnd && found.length > size,
        hasPreviousPage: false,
        observedSince: 0,
      };
    },
  };
  const feed = new ChangeFeed(index);
  const change = (kind: Change['kind'] = 'SALES_UNIT_CHANGED') => {
    const one = { sequence: stored.length + 1, at: 0, kind, fields: [] };
    stored.push(one);
    feed.add({ epoch: EPOCH, changes: [one] });
  };
  return {
    change,
    directory: { followChanges: feed.follow.bind(feed) },
    /** Forgets all changes. */
    expire: () => {
      oldest = stored.length;
    },
  };
}

function createTarget(answer: () => Attempt = () => ({ failure: undefined })) {
  const received: Notification[] = [];
  const accepted: Notification[] = [];
  const poster = {
    async post(_url: string, _headers: Readonly<Record<string, string>>, body: string): Promise<Attempt> {
      const attempt = answer();
      received.push(JSON.parse(body));
      if (attempt.failure === undefined) accepted.push(JSON.parse(body));
      return attempt;
    },
  };
  return { received, accepted, poster };
}

function createCursors(): CursorStore {
  let cursor: string | undefined;
  return {
    read: () => cursor,
    async write(next) {
      cursor = next;
    },
  };
}

const sequenceOf = ({ cursor }: Notification) =>
  Number(JSON.parse(Buffer.from(cursor, 'base64url').toString())[2]);
const target = (kinds?: Change['kind'][]) => ({
  name: 'crm',
  url: 'https://example.com',
  secret: new Secret('x'.repeat(24)),
  kinds,
});

describe('a notifier', () => {
  it('tells every change at least once and in order, whatever fails and however often it restarts', async () => {
    const step = fc.constantFrom('change', 'change', 'change', 'restart', 'wait');
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (steps, random) => {
          const { change, directory } = createChanges();
          // A failed attempt may have been received all the same.
          const isLucky = () => (random.next().value ?? 0) < 0.5;
          const { received, accepted, poster } = createTarget(() => ({
            failure: isLucky() ? undefined : 'it answered 500',
          }));
          const cursors = createCursors();
          const options = {
            target: target(),
            directory,
            cursors,
            poster,
            log: createLog('silent'),
            pauses: PAUSES,
          };
          let notifier = new Notifier(options);
          notifier.start();
          await expect.poll(() => cursors.read()).toBeDefined();
          let changes = 0;
          for (const one of steps) {
            if (one === 'change') {
              change();
              changes++;
            } else if (one === 'restart') {
              await notifier.stop();
              notifier = new Notifier(options);
              notifier.start();
            } else await new Promise((resolve) => setTimeout(resolve, 2));
          }
          await expect
            .poll(() => accepted.at(-1) && sequenceOf(accepted.at(-1) as Notification), { interval: 2 })
            .toBe(changes || undefined);
          await notifier.stop();
          const wanted = Array.from({ length: changes }, (_, index) => index + 1);
          expect([...new Set(accepted.map(sequenceOf))]).toEqual(wanted);
          const order = received.map(sequenceOf);
          expect(order).toEqual([...order].sort((a, b) => a - b));
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);

  it('tells only the kinds that its target wants, and moves on past the others', async () => {
    const { change, directory } = createChanges();
    const { accepted, poster } = createTarget();
    const cursors = createCursors();
    const notifier = new Notifier({
      target: target(['MERCHANT_CHANGED']),
      directory,
      cursors,
      poster,
      log: createLog('silent'),
    });
    notifier.start();
    await expect.poll(() => cursors.read()).toBeDefined();
    change('SALES_UNIT_CHANGED');
    change('MERCHANT_CHANGED');
    change('SALES_UNIT_CHANGED');
    await expect.poll(() => accepted.length).toBe(1);
    expect(accepted).toEqual([
      {
        cursor: expect.any(String),
        kind: 'MERCHANT_CHANGED',
        id: Buffer.from('Change:a/2').toString('base64'),
      },
    ]);
    await notifier.stop();
  });

  it('says that changes were lost, then goes on', async () => {
    const { change, directory, expire } = createChanges();
    const { accepted, poster } = createTarget();
    const cursors = createCursors();
    const options = { target: target(), directory, cursors, poster, log: createLog('silent') };
    const first = new Notifier(options);
    first.start();
    await expect.poll(() => cursors.read()).toBeDefined();
    await first.stop();
    change();
    change();
    expire();
    const second = new Notifier(options);
    second.start();
    await expect.poll(() => accepted.length).toBe(1);
    expect(accepted[0]).toMatchObject({ kind: 'CURSOR_EXPIRED', id: null });
    change();
    await expect.poll(() => accepted.length).toBe(2);
    expect(accepted.map(sequenceOf)).toEqual([2, 3]);
    await second.stop();
  });

  it('stops while it begins to follow, and writes nothing afterwards', async () => {
    const { directory } = createChanges();
    const { poster } = createTarget();
    const cursors = createCursors();
    let follow: () => void = () => {};
    const late = {
      async followChanges(...given: Parameters<typeof directory.followChanges>) {
        await new Promise<void>((resolve) => {
          follow = resolve;
        });
        return directory.followChanges(...given);
      },
    };
    const options = { target: target(), directory: late, cursors, poster, log: createLog('silent') };
    const notifier = new Notifier(options);
    notifier.start();
    const stopped = notifier.stop();
    follow();
    await stopped;
  });

  it('says that changes were lost when its cursor cannot be read', async () => {
    const { change, directory } = createChanges();
    const { accepted, poster } = createTarget();
    for (const damaged of ['', 'nonsense']) {
      const cursors = createCursors();
      await cursors.write(damaged);
      const notifier = new Notifier({
        target: target(),
        directory,
        cursors,
        poster,
        log: createLog('silent'),
      });
      notifier.start();
      const told = () => accepted.splice(0).map(({ kind }) => kind);
      await expect.poll(() => accepted.length).toBeGreaterThan(0);
      expect(told()[0]).toBe('CURSOR_EXPIRED');
      change();
      await expect.poll(() => accepted.at(-1)?.kind).toBe('SALES_UNIT_CHANGED');
      told();
      await notifier.stop();
    }
  });

  it('waits as long as its target asks for, and says for how long it has failed', async () => {
    const { change, directory } = createChanges();
    const times: number[] = [];
    const { accepted, poster } = createTarget(() => {
      times.push(performance.now());
      return times.length === 1 ? { failure: 'it answered 503', retryAfterMs: 300 } : { failure: undefined };
    });
    const cursors = createCursors();
    const notifier = new Notifier({ target: target(), directory, cursors, poster, log: createLog('silent') });
    notifier.start();
    await expect.poll(() => cursors.read()).toBeDefined();
    change();
    await expect.poll(() => times.length).toBe(1);
    expect(notifier.failingMs).toBeGreaterThan(0);
    await expect.poll(() => accepted.length).toBe(1);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(299);
    expect(notifier.failingMs).toBe(0);
    await notifier.stop();
  });
});
