import type { IncomingMessage } from 'node:http';
import { type DocumentNode, Kind } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { OperationContext } from '../context.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { stateOf } from '../request-state.ts';

// A client may send a name of a megabyte.
const MAX_NAME_LENGTH = 100;

/** Logs one line per request, and sends the request id in `X-Request-Id`. */
export function useOperationLog(log: Log, addressOf: ClientAddress): Plugin<OperationContext> {
  return {
    onRequest({ request, serverContext }) {
      const { req } = serverContext as { readonly req?: IncomingMessage };
      stateOf(request).address = addressOf(req) || undefined;
    },
    onExecute: () => ({
      onExecuteDone({ args, result }) {
        const { request, scope, caller, end } = args.contextValue;
        end();
        stateOf(request).operation = {
          tenant: caller.tenantId,
          caller: caller.id.slice(0, MAX_NAME_LENGTH),
          operationName: (args.operationName ?? nameOf(args.document))?.slice(0, MAX_NAME_LENGTH),
          upstreamCalls: scope.calls,
          upstreamCached: scope.cached,
          upstreamMs: Math.round(scope.ms),
          errors: isAsyncIterable(result) ? 0 : (result.errors?.length ?? 0),
        };
      },
    }),
    onResponse({ request, response }) {
      const { id: requestId, startedAt, address, operation } = stateOf(request);
      response.headers.set('x-request-id', requestId);
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      log.info(
        { requestId, method: request.method, status: response.status, durationMs, address, ...operation },
        'request',
      );
    },
  };
}

function nameOf({ definitions }: DocumentNode): string | undefined {
  for (const definition of definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) return definition.name?.value;
  return undefined;
}
