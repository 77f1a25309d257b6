import { remoteContext } from '../../telemetry/tracing.ts';
import { CallTracker } from '../../upstream/call-tracker.ts';
import type { UpstreamClient } from '../../upstream/client.ts';
import { readMethods } from '../../upstream/endpoint.ts';
import { ClientLeft, UpstreamUnavailable } from '../../upstream/errors.ts';
import type { ManagementApi } from '../../upstream/management-api.ts';
import { textBytesOf } from '../../upstream/reads/answer-weight.ts';
import type { Channel } from '../channel.ts';
import type { CallResult, Notices, Requests } from '../protocol.ts';
import type { ClientBook } from './client-book.ts';

export interface ServeCallsOptions {
  readonly clients: ClientBook;
  /** Resolves when no worker answers with what was dropped before this moment. */
  readonly dropped: () => Promise<void> | undefined;
}

/** An operation of a worker, as long as it waits for calls. */
interface RemoteOperation {
  readonly begun: Notices['begin'];
  readonly client: UpstreamClient | undefined;
  /** All its calls wait in its lane, and each has a tracker of its own, which shows what that call has caused. */
  readonly lane: CallTracker;
  readonly calls: Set<CallTracker>;
}

const writeMethods = [
  'prefillProductOrder',
  'deleteProductOrder',
  'productOrderOfKey',
  'productOrdersMadeAt',
] as const;
const methods: ReadonlySet<string> = new Set([...readMethods, ...writeMethods]);
const changing: ReadonlySet<string> = new Set(['prefillProductOrder', 'deleteProductOrder']);

/** Makes the calls of one worker, as its own operations would. Returns a function that ends them when the worker has ended. */
export function serveCalls(channel: Channel, { clients, dropped }: ServeCallsOptions): () => void {
  const operations = new Map<number, RemoteOperation>();

  channel.on('begin', (begun) => {
    const { operation, requestId, deadlineMs, freshness, traceparent } = begun;
    const deadline = performance.now() + deadlineMs;
    const lane = new CallTracker(requestId, { deadline, freshness });
    if (traceparent !== undefined) lane.trace = remoteContext(traceparent);
    operations.set(operation, { begun, client: clients.find(begun.client), lane, calls: new Set() });
  });
  channel.on('cancel', ({ operation, reason }) => {
    for (const tracker of operations.get(operation)?.calls ?? []) tracker.cancel(reason);
  });
  channel.on('end', (operation) => void operations.delete(operation));
  channel.handle('call', async ({ call, operation: id, method, args }): Promise<CallResult> => {
    const operation = operations.get(id);
    if (!operation?.client || !methods.has(method)) return failed(new Error('the tenant has left'));
    const { lane, calls, client } = operation;
    const { requestId, deadline, freshness } = lane;
    const onCall = () => channel.notify('sent', call);
    const tracker = new CallTracker(requestId, { deadline, freshness, lane, onCall });
    tracker.trace = lane.trace;
    calls.add(tracker);
    let result: { readonly value?: unknown; readonly error?: Error };
    try {
      result = { value: await perform(client.api(tracker), method, args) };
    } catch (error) {
      result = { error: error as Error };
    }
    calls.delete(tracker);
    // Its client may ask another worker next.
    if (changing.has(method)) await dropped();
    return { ...result, ...factsOf(tracker, result.value), keyState: client.keyState };
  });
  channel.handle('callsOfLast', ({ client, minutes }) => clients.find(client)?.callsOfLast(minutes) ?? []);

  return () => {
    const reason = new ClientLeft('the worker ended');
    for (const { calls } of operations.values()) for (const tracker of calls) tracker.cancel(reason);
    operations.clear();
  };
}

const perform = (api: ManagementApi, method: Requests['call']['body']['method'], args: readonly unknown[]) =>
  (api[method] as (...given: readonly unknown[]) => Promise<unknown>)(...args);

function factsOf({ cached, oldest, freshUntil }: CallTracker, value: unknown) {
  const now = performance.now();
  return {
    cached,
    ageMs: Number.isFinite(oldest) ? now - oldest : undefined,
    freshMs: freshUntil === Number.POSITIVE_INFINITY ? undefined : freshUntil - now,
    textBytes: textBytesOf(value),
  };
}

const failed = (cause: Error): CallResult => ({
  error: new UpstreamUnavailable('cannot be called', {
    route: 'worker',
    reason: 'network',
    sent: false,
    cause,
  }),
  cached: 0,
  ageMs: undefined,
  freshMs: undefined,
  textBytes: undefined,
  keyState: 'unproved',
});
