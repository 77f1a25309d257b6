import type { ServerResponse } from 'node:http';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { ChangeStream } from '../../directory/changes/stream.ts';
import type { Log } from '../../telemetry/log.ts';
import { beginStreaming } from '../connections/streaming.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { WrongTransport } from '../errors/request-errors.ts';
import { stringifyResult } from '../errors/stringify-result.ts';
import { acceptedEvents, acceptsOnlyEvents } from '../http/media-type.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { type Cost, stateOf } from '../request-state.ts';
import { createEventPrice } from './event-price.ts';
import { EventResults, type EventResultsOptions } from './event-results.ts';
import { type EventFormat, EventStream, multipartEvents, serverSentEvents } from './event-stream.ts';
import type { OpenSubscriptions } from './open-subscriptions.ts';
import { Subscription } from './subscription.ts';

/** What a transport other than HTTP adds to the request that it makes of a message. */
export interface SubscriptionContext {
  /** Takes the subscription, once it is open. Only subscriptions are accepted. */
  readonly onSubscription?: ((subscription: Subscription) => void) | undefined;
  readonly res?: ServerResponse | undefined;
}

export interface SubscriptionsOptions extends EventResultsOptions {
  readonly open: OpenSubscriptions;
  readonly rateLimits: RateLimits;
  readonly log: Log;
  /** Called when a subscription has ended, with how many events it sent. */
  readonly onEnded?: ((code: string | undefined, events: number) => void) | undefined;
}

const formats: Readonly<Record<ReturnType<typeof acceptedEvents> & string, EventFormat>> = {
  'text/event-stream': serverSentEvents,
  'multipart/mixed': multipartEvents,
};
/** Proxies such as nginx would wait for more before they pass an event on. */
const UNBUFFERED = { 'x-accel-buffering': 'no' };
/** The connection leaves the bounds on connections, so it must not serve other requests afterwards. */
const LAST = { connection: 'close' };

/** What the events that are made at once may cost together, by the estimate for one. */
const POINTS_AT_ONCE = 100;
const ROWS_AT_ONCE = 2_000;
const atOnce = ({ points = 1, rows = 1 }: Partial<Cost> = {}): number =>
  Math.max(1, Math.floor(Math.min(POINTS_AT_ONCE / Math.max(1, points), ROWS_AT_ONCE / Math.max(1, rows))));

/** Refuses queries and mutations that came over a transport for subscriptions, before they cost anything. */
export function useSubscriptionsOnly(): Plugin<OperationContext> {
  return {
    onExecute({ args: { contextValue }, setResultAndStopExecution }) {
      if (!(contextValue as SubscriptionContext).onSubscription) return;
      setResultAndStopExecution({ errors: [toClientError(new WrongTransport('other'))] });
    },
  };
}

/** Opens subscriptions, and sends their events as the client accepts them. */
export function useSubscriptions(options: SubscriptionsOptions): Plugin<OperationContext> {
  const { open, rateLimits, log, onEnded } = options;
  const results = new EventResults(options);
  const subscriptions = new WeakMap<Request, Subscription>();

  const begin = async (args: ExecutionArgs): Promise<ExecutionResult | AsyncIterable<unknown>> => {
    const context = args.contextValue as OperationContext & SubscriptionContext & { request: Request };
    const { request, caller } = context;
    try {
      if (!context.onSubscription && !acceptedEvents(request.headers.get('accept')))
        throw new WrongTransport('subscription');
      open.requireRoom(caller);
      const source = await createSourceEventStream(args);
      if (!(source instanceof ChangeStream)) return { data: null, ...source };
      const { schema, document, operationName, variableValues } = args;
      const cacheControl = request.headers.get('cache-control');
      const startedAt = performance.now();
      const { id: requestId } = stateOf(request);
      // Others may have opened theirs while the stream was opened.
      try {
        const taking = open.takeRoom(caller);
        if (taking) await taking;
      } catch (error) {
        source.close();
        throw error;
      }
      const subscription: Subscription = new Subscription({
        caller,
        requestId,
        stream: source,
        participant: results.join({ schema, document, operationName, variableValues, caller, cacheControl }),
        price: createEventPrice(rateLimits, caller),
        atOnce: atOnce(stateOf(request).cost),
        onEnd(code) {
          open.remove(subscription);
          const { events } = subscription;
          onEnded?.(code, events);
          const seconds = Math.round((performance.now() - startedAt) / 1_000);
          log.info({ requestId, tenant: caller.tenantId, code, events, seconds }, 'subscription ended');
        },
      });
      open.add(subscription);
      if (request.signal.aborted) subscription.leave();
      else request.signal.addEventListener('abort', () => subscription.leave(), { once: true });
      subscriptions.set(request, subscription);
      return source;
    } catch (error) {
      const refusal = toClientError(error);
      return refusal.extensions['http'] ? { errors: [refusal] } : { data: null, errors: [refusal] };
    } finally {
      context.end();
    }
  };

  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(begin as Parameters<typeof setSubscribeFn>[0]);
    },
    onResultProcess({ request, result, setResultProcessor, serverContext }) {
      const accept = request.headers.get('accept');
      const { res, onSubscription } = serverContext as SubscriptionContext;
      const subscription = subscriptions.get(request);
      if (subscription && onSubscription) {
        setResultProcessor((_result, fetchAPI) => new fetchAPI.Response(null, { status: 204 }), '*/*');
        onSubscription(subscription);
      } else if (subscription) {
        const format = formats[acceptedEvents(accept) ?? 'text/event-stream'];
        setResultProcessor((_result, fetchAPI) => {
          if (res) beginStreaming(res);
          const headers = { 'content-type': format.contentType, ...UNBUFFERED, ...LAST };
          // The type of Node's stream, which Yoga sends as it comes.
          return new fetchAPI.Response(new EventStream(subscription, format) as unknown as BodyInit, {
            headers,
          });
        }, format.contentType);
      } else if (!isAsyncIterable(result) && !Array.isArray(result) && 'data' in result) {
        const type = acceptsOnlyEvents(accept);
        if (!type) return;
        const { contentType, begin: first, event, end } = formats[type];
        setResultProcessor((one, fetchAPI) => {
          const json = stringifyResult(one as ExecutionResult);
          const body = `${first}${event({ cursor: '', json })}${end(undefined)}`;
          return new fetchAPI.Response(body, { headers: { 'content-type': contentType, ...UNBUFFERED } });
        }, contentType);
      }
    },
  };
}
