import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors.ts';
import type { ClientAddress } from '../http/client-address.ts';
import type { UnsentAnswers } from '../http/unsent-answers.ts';
import type { GuessingGuard } from './guessing.ts';

/**
 * Keys that callers bring along are proved by the upstream alone. Each try was counted as a failure of its address; a
 * call that was sent with a token shows that it was none.
 */
export function useVisitorFailures(
  guard: GuessingGuard,
  addressOf: ClientAddress,
  unsentAnswers: UnsentAnswers,
): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      async onExecuteDone({ args, result }) {
        const { caller, scope } = args.contextValue;
        const { req, res } = args.contextValue as {
          readonly req?: IncomingMessage;
          readonly res?: ServerResponse;
        };
        if (!caller.provedByUpstream || isAsyncIterable(result) || scope.calls === 0) return;
        const codes = result.errors?.map((error) => toClientError(error).extensions['code']) ?? [];
        if (codes.includes('UPSTREAM_UNAUTHENTICATED')) return;
        if (res) unsentAnswers.prove(res);
        if (guard.isProved(caller.id)) return;
        guard.proved(caller.id);
        await guard.forgive(addressOf(req));
      },
    }),
  };
}
