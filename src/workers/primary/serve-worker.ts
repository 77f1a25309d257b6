import { DirectoryUnavailable } from '../../directory/directory-index.ts';
import type { Tenants } from '../../server/auth/tenants.ts';
import type { MinutePoints } from '../../server/limits/minute-points.ts';
import type { DirectoryMethod } from '../protocol.ts';
import type { ClientBook } from './client-book.ts';
import type { Drops } from './drops.ts';
import type { PointsLedger } from './points-ledger.ts';
import { serveCalls } from './serve-calls.ts';
import type { SharedSubscriptions } from './shared-subscriptions.ts';
import type { RunningWorker } from './worker-processes.ts';

export interface ServeWorkerOptions {
  readonly tenants: Tenants;
  readonly clients: ClientBook;
  readonly drops: Drops;
  readonly ledger: PointsLedger;
  readonly authFailures: MinutePoints;
  readonly subscriptions: SharedSubscriptions;
  readonly workers: () => Iterable<RunningWorker>;
}

const directoryMethods: ReadonlySet<string> = new Set<DirectoryMethod>([
  'units',
  'merchants',
  'facets',
  'changes',
  'countChanges',
  'productOrderTimes',
  'status',
]);

/** Answers what a worker asks. Returns what must be done when it has ended. */
export function serveWorker(worker: RunningWorker, options: ServeWorkerOptions): () => void {
  const { tenants, clients, drops, ledger, authFailures, subscriptions, workers } = options;
  const { channel } = worker;
  const endCalls = serveCalls(channel, { clients, dropped: drops.known });
  channel.handle('ping', () => {
    worker.seenAt = performance.now();
    return undefined;
  });
  channel.handle('points', (needed) => ledger.take(needed));
  channel.on('spent', (spent) => {
    for (const { key, points } of spent) ledger.spend(key, points);
  });
  channel.on('givenBack', (given) => {
    for (const { key, points, minute } of given) ledger.giveBack(key, points, minute);
  });
  channel.handle('authFailure', (network) => ({
    failures: authFailures.add(network, 1),
    msLeft: authFailures.msLeft(network),
  }));
  channel.on('authFailureUndone', (network) => void authFailures.add(network, -1));
  channel.on('verified', (event) => {
    for (const other of workers()) if (other !== worker) other.channel.notify('verified', event);
  });
  channel.handle('openSubscription', (owners) => subscriptions.take(worker, owners));
  channel.on('subscriptionEnded', (owners) => subscriptions.leave(worker, owners));
  channel.handle('directory', async ({ tenant, method, args }) => {
    const directory = tenants.byId(tenant)?.directory;
    if (!directory || !directoryMethods.has(method)) throw new DirectoryUnavailable('there is no directory');
    const ask = directory[method] as (...given: readonly unknown[]) => Promise<unknown>;
    return { value: await ask(...args) };
  });
  return () => {
    endCalls();
    subscriptions.remove(worker);
  };
}
