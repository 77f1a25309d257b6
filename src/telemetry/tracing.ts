import {
  type Attributes,
  type Context,
  isSpanContextValid,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** Where in a trace something happens. Present only while an SDK records. */
export type TraceContext = Context;

/** One span that has begun. */
export interface OpenSpan {
  readonly context: TraceContext;
  /** Ends the span. Attributes must come from closed lists, or be names that the log has as well. */
  end(attributes?: Attributes, failed?: boolean): void;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const tracer = trace.getTracer('management-graphql');

/** Whether an SDK is registered. */
export function hasSdk(): boolean {
  const provider = trace.getTracerProvider();
  return (
    provider instanceof ProxyTracerProvider && provider.getDelegateTracer('management-graphql') !== undefined
  );
}

/** Begins the span of a request, in the trace that its caller has begun. Undefined if nothing is recorded. */
export function startRequestSpan(
  traceparent: string | null,
  method: string,
  route: string,
): OpenSpan | undefined {
  return start(`${method} ${route}`, SpanKind.SERVER, remoteContext(traceparent), {
    'http.request.method': method,
    'http.route': route,
  });
}

/** Begins the span of an operation. Its name is an attribute, since a client chooses it. */
export const startOperationSpan = (parent: TraceContext, type: string, name: string | undefined) =>
  start(type, SpanKind.INTERNAL, parent, {
    'graphql.operation.type': type,
    ...(name !== undefined && { 'graphql.operation.name': name }),
  });

/** Begins the span of a call. `route` is its method and path template. */
export function startCallSpan(parent: TraceContext, route: string): OpenSpan | undefined {
  const [method = '', template = ''] = route.split(' ');
  return start(route, SpanKind.CLIENT, parent, { 'http.request.method': method, 'url.template': template });
}

/** Returns the header that continues a trace. `baggage` is not passed on, since a client may have put anything in it. */
export function traceparentOf(context: TraceContext): string | undefined {
  const span = trace.getSpanContext(context);
  if (!span || !isSpanContextValid(span)) return undefined;
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  return `00-${span.traceId}-${span.spanId}-${flags}`;
}

function start(name: string, kind: SpanKind, parent: Context, attributes: Attributes): OpenSpan | undefined {
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  if (!span.isRecording()) return undefined;
  return {
    context: trace.setSpan(parent, span),
    end(more = {}, failed = false) {
      span.setAttributes(more);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** Returns the context that continues a trace of another process. */
export function remoteContext(traceparent: string | null): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
