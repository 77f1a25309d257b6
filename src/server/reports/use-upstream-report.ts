import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { CallTracker } from '../../upstream/call-tracker.ts';
import type { OperationContext } from '../context.ts';

/** Reports the upstream calls of the operation in `extensions.upstream` when the client asks with `X-Upstream-Report: 1`. */
export function useUpstreamReport(): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        const { request, scope } = args.contextValue;
        if (isAsyncIterable(result) || request.headers.get('x-upstream-report') !== '1') return;
        setResult({ ...result, extensions: { ...result.extensions, upstream: upstreamReport(scope) } });
      },
    }),
  };
}

/** Returns what a client reads of the upstream calls of its operation. */
export const upstreamReport = ({ calls, cached, ms, oldest }: CallTracker): object => ({
  calls,
  cached,
  ms: Math.round(ms),
  ...(Number.isFinite(oldest) && { oldest: timeOf(oldest) }),
});

/** Returns the time of day of a moment of `performance.now()`. */
const timeOf = (moment: number) => new Date(Date.now() + moment - performance.now()).toISOString();
