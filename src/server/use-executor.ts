import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from './context.ts';

/**
 * Executes operations as graphql-js does. Yoga's own executor also reports errors below what is null already, which the hot
 * path does not. When the client leaves, the result is not waited for; its upstream calls are cancelled elsewhere.
 */
export function useExecutor(): Plugin<OperationContext> {
  return {
    onExecute({ args, setExecuteFn }) {
      const { signal } = args.contextValue.request;
      setExecuteFn(((given: ExecutionArgs) => untilAborted(execute(given), signal)) as typeof execute);
    },
  };
}

function untilAborted(
  result: Promise<ExecutionResult> | ExecutionResult,
  signal: AbortSignal,
): Promise<ExecutionResult> | ExecutionResult {
  if (signal.aborted) throw signal.reason;
  if (!(result instanceof Promise)) return result;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
