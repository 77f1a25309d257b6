import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { describeFileProblem } from '../config/files/file-problem.ts';
import type { AddressRanges } from '../config/network/address-ranges.ts';
import type { NotificationTarget } from '../config/notifications/targets.ts';
import type { Directory } from '../directory/directory.ts';
import { readCursorFile, writeCursorFile } from '../store/cursor-file.ts';
import { makeFolder } from '../store/sqlite-file.ts';
import type { Log } from '../telemetry/log.ts';
import { type CursorStore, Notifier } from './notifier.ts';
import { createPoster } from './post.ts';

/** A tenant and its targets. */
export interface NotifiedTenant {
  readonly id: string;
  readonly directory: Directory | undefined;
  readonly targets: readonly NotificationTarget[];
}

export interface NotifiersOptions {
  /** Where cursors are kept; undefined to keep them in memory. */
  readonly folder: string | undefined;
  readonly allowed: AddressRanges;
  readonly log: Log;
  readonly onAttempt?: ((isDelivered: boolean) => void) | undefined;
}

/** The targets of all tenants. */
export interface Notifiers {
  /** Replaces the targets. Those that stay the same are not interrupted. */
  update(tenants: readonly NotifiedTenant[]): void;
  /** For how long the target has failed that has failed longest; 0 if none does. */
  failingMs(): number;
  /** Resolves when nothing more is sent. */
  stop(): Promise<void>;
}

export function createNotifiers({ folder, allowed, log, onAttempt }: NotifiersOptions): Notifiers {
  const poster = createPoster(allowed);
  const running = new Map<string, { readonly notifier: Notifier; readonly directory: Directory }>();
  const leaving = new Set<Promise<void>>();
  /** Where there is no folder: a target with another secret goes on where it was. */
  const remembered = new Map<string, CursorStore>();

  const cursorsOf = (tenant: string, { name }: NotificationTarget): CursorStore => {
    if (!folder) {
      const key = JSON.stringify([tenant, name]);
      const known = remembered.get(key) ?? inMemory();
      remembered.set(key, known);
      return known;
    }
    const file = `${createHash('sha256')
      .update(JSON.stringify([tenant, name]))
      .digest('hex')
      .slice(0, 32)}.cursor`;
    return inFile(join(folder, file), tenant, name);
  };
  const inMemory = (): CursorStore => {
    let cursor: string | undefined;
    return {
      read: () => cursor,
      async write(next) {
        cursor = next;
      },
    };
  };
  /** A disk that fails must not stop deliveries: after a restart, some come twice. */
  const inFile = (path: string, tenant: string, target: string): CursorStore => {
    let known: string | undefined;
    let hasFolder = false;
    let hasFailed = false;
    return {
      read() {
        known ??= readCursorFile(path);
        return known;
      },
      async write(cursor) {
        known = cursor;
        try {
          if (!hasFolder) makeFolder(dirname(path));
          hasFolder = true;
          await writeCursorFile(path, cursor);
          hasFailed = false;
        } catch (error) {
          if (!hasFailed)
            log.error({ tenant, target, reason: describeFileProblem(error) }, 'a cursor could not be stored');
          hasFailed = true;
        }
      },
    };
  };

  return {
    update(tenants) {
      const wanted = new Map<string, { readonly directory: Directory; create(): Notifier }>();
      for (const { id: tenant, directory, targets } of tenants) {
        if (!directory) continue;
        for (const target of targets) {
          const { name, url, secret, kinds } = target;
          // The secret belongs to what a target is: with another one, the next attempt must use that.
          const key = JSON.stringify([tenant, name, url, secret.reveal(), kinds]);
          const create = () => {
            const cursors = cursorsOf(tenant, target);
            return new Notifier({
              target,
              directory,
              cursors,
              poster,
              log: log.child({ tenant }),
              onAttempt,
            });
          };
          wanted.set(key, { directory, create });
        }
      }
      for (const [key, { notifier, directory }] of running) {
        if (wanted.get(key)?.directory === directory) continue;
        running.delete(key);
        const gone = notifier.stop().finally(() => leaving.delete(gone));
        leaving.add(gone);
      }
      const before = Promise.all(leaving);
      for (const [key, { directory, create }] of wanted) {
        if (running.has(key)) continue;
        const notifier = create();
        running.set(key, { notifier, directory });
        // One that had another address before must have stored its cursor.
        void before.then(() => running.get(key)?.notifier === notifier && notifier.start());
      }
    },
    failingMs: () => Math.max(0, ...[...running.values()].map(({ notifier }) => notifier.failingMs)),
    async stop() {
      const stopping = [...running.values()].map(({ notifier }) => notifier.stop());
      await Promise.all([...stopping, ...leaving]);
      await poster.close();
    },
  };
}
