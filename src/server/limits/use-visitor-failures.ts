import type { IncomingMessage } from 'node:http';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { addressOf, credentialsOf } from '../auth/use-authentication.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors.ts';
import type { GuessingGuard } from './guessing.ts';

/** Keys that callers bring along are proved by the upstream alone: what it refuses counts as a failure of the address. */
export function useVisitorFailures(guard: GuessingGuard): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      async onExecuteDone({ args, result }) {
        const { caller, request, scope } = args.contextValue;
        const { req } = args.contextValue as { readonly req?: IncomingMessage };
        if (!caller.provedByUpstream || isAsyncIterable(result)) return;
        const codes = result.errors?.map((error) => toClientError(error).extensions['code']) ?? [];
        if (codes.includes('UPSTREAM_UNAUTHENTICATED')) await guard.failed(addressOf({ req }));
        else if (scope.calls > 0) guard.proved(credentialsOf(request));
      },
    }),
  };
}
