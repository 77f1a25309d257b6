import { traceparentOf } from '../../telemetry/tracing.ts';
import type { CallTracker } from '../../upstream/call-tracker.ts';
import { OutcomeUnknown, UpstreamUnavailable } from '../../upstream/errors.ts';
import { untilEnd } from '../../upstream/until-end.ts';
import { type Channel, ChannelClosed } from '../channel.ts';
import type { CallResult, ClientRef, Requests } from '../protocol.ts';

type Method = Requests['call']['body']['method'];

/** Has calls made by the primary, on behalf of operations of this process. */
export interface RemoteCalls {
  /** Throws what the call throws. The operation is charged for what the call has caused. */
  read(
    client: ClientRef,
    method: Method,
    args: readonly unknown[],
    tracker: CallTracker,
  ): Promise<CallResult>;
  /** The primary decides what the end of the operation means for a write, so its answer is waited for. */
  write(
    client: ClientRef,
    method: Method,
    args: readonly unknown[],
    tracker: CallTracker,
  ): Promise<CallResult>;
}

interface Operation {
  readonly id: number;
  readonly unsubscribe: () => void;
  waiting: number;
}

export function createRemoteCalls(channel: Channel): RemoteCalls {
  /** Operations that wait for at least one call. The primary knows them for as long. */
  const operations = new Map<CallTracker, Operation>();
  const calls = new Map<number, CallTracker>();
  let nextOperation = 0;
  let nextCall = 0;
  channel.on('sent', (call) => calls.get(call)?.noteCall());

  const begin = (client: ClientRef, tracker: CallTracker): Operation => {
    const id = nextOperation++;
    channel.notify('begin', {
      operation: id,
      client,
      requestId: tracker.requestId,
      deadlineMs: tracker.deadline - performance.now(),
      freshness: tracker.freshness,
      traceparent: tracker.trace && traceparentOf(tracker.trace),
    });
    const unsubscribe = tracker.subscribe((reason) => channel.notify('cancel', { operation: id, reason }));
    const operation = { id, unsubscribe, waiting: 0 };
    operations.set(tracker, operation);
    return operation;
  };

  const call = async (
    client: ClientRef,
    method: Method,
    args: readonly unknown[],
    tracker: CallTracker,
  ): Promise<CallResult> => {
    const operation = operations.get(tracker) ?? begin(client, tracker);
    operation.waiting++;
    const id = nextCall++;
    calls.set(id, tracker);
    try {
      const result = await channel.request('call', { call: id, operation: operation.id, method, args });
      tracker.cached += result.cached;
      return result;
    } finally {
      calls.delete(id);
      if (--operation.waiting === 0) {
        operation.unsubscribe();
        operations.delete(tracker);
        channel.notify('end', operation.id);
      }
    }
  };

  return {
    read(client, method, args, tracker) {
      if (tracker.reason) return Promise.reject(tracker.reason);
      const asked = call(client, method, args, tracker).catch((error: unknown) => {
        throw error instanceof ChannelClosed ? unavailable(error) : error;
      });
      return untilEnd(asked, tracker);
    },
    async write(client, method, args, tracker) {
      tracker.waitBegins();
      try {
        return await call(client, method, args, tracker);
      } catch (error) {
        if (!(error instanceof ChannelClosed)) throw error;
        throw new OutcomeUnknown('the process that writes has ended', { cause: error });
      } finally {
        tracker.waitEnds();
      }
    },
  };
}

const unavailable = (cause: Error) =>
  new UpstreamUnavailable('cannot be called', { route: 'worker', reason: 'network', sent: false, cause });
