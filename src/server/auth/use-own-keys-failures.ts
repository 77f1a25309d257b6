import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import type { OperationContext } from '../context.ts';
import type { ClientAddress } from '../http/client-address.ts';
import type { AuthFailureLimit } from './auth-failure-limit.ts';

/**
 * Only the upstream can verify the callers' own keys, so each attempt is counted as a failure of its address in advance.
 * Removes that failure once the upstream has accepted the keys.
 */
export function useOwnKeysFailures(
  failureLimit: AuthFailureLimit,
  addressOf: ClientAddress,
  unsentAnswers: UnsentAnswers,
): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      async onExecuteDone({ args }) {
        const { caller } = args.contextValue;
        const { req, res } = args.contextValue as {
          readonly req?: IncomingMessage;
          readonly res?: ServerResponse;
        };
        if (!caller.verifiedByUpstream) return;
        const { keyState } = caller.client;
        if (keyState === 'proved' && res) unsentAnswers.markAuthenticated(res);
        const wasProved = failureLimit.isVerified(caller.id);
        if (keyState === 'proved' && !wasProved) {
          failureLimit.markVerified(caller.id);
          failureLimit.undoFailure(addressOf(req));
        }
        if (keyState === 'refused' && wasProved) {
          failureLimit.forgetVerified(caller.id);
          await failureLimit.recordFailure(addressOf(req));
        }
      },
    }),
  };
}
