import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context.ts';

/** Reports the upstream calls of the operation in `extensions.upstream` when the client asks with `X-Upstream-Report: 1`. */
export function useUpstreamReport(): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        const { request, scope } = args.contextValue;
        if (isAsyncIterable(result) || request.headers.get('x-upstream-report') !== '1') return;
        const { calls, cached, ms, oldest } = scope;
        const upstream = {
          calls,
          cached,
          ms: Math.round(ms),
          ...(Number.isFinite(oldest) && { oldest: timeOf(oldest) }),
        };
        setResult({ ...result, extensions: { ...result.extensions, upstream } });
      },
    }),
  };
}

/** Returns the time of day of a moment of `performance.now()`. */
const timeOf = (moment: number) => new Date(Date.now() + moment - performance.now()).toISOString();
