import type { IncomingMessage } from 'node:http';
import { getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { OperationContext } from '../context.ts';
import { arrivalOf } from '../http/arrival.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { stateOf } from '../request-state.ts';

// A client may send a name of a megabyte.
const MAX_NAME_LENGTH = 100;

/**
 * Logs one line per request, refusals included: who asked for what, how it ended, and what it cost. Sends the request id
 * in `X-Request-Id`.
 */
export function useOperationLog(log: Log, addressOf: ClientAddress): Plugin<OperationContext> {
  return {
    onRequest({ request, serverContext }) {
      const { req } = serverContext as { readonly req?: IncomingMessage };
      const state = stateOf(request);
      state.address = addressOf(req) || undefined;
      state.startedAt = arrivalOf(req) ?? state.startedAt;
    },
    onParams({ request, params }) {
      // A document that is not valid has no other name.
      if (typeof params.operationName === 'string')
        stateOf(request).operationName = shorten(params.operationName);
    },
    onExecute: ({ args: { contextValue, document, operationName } }) => {
      const state = stateOf(contextValue.request);
      const operation = getOperationAST(document, operationName);
      if (operation) state.operation = operation;
      state.operationName ??= shorten(operation?.name?.value);
      return {
        onExecuteDone({ args }) {
          const { scope, end } = args.contextValue;
          end();
          state.upstream = {
            upstreamCalls: scope.calls,
            upstreamCached: scope.cached,
            upstreamMs: Math.round(scope.ms),
          };
        },
      };
    },
    onResultProcess({ request, result }) {
      if (Array.isArray(result) || isAsyncIterable(result) || !result.errors?.length) return;
      const state = stateOf(request);
      state.errors = result.errors.length;
      state.code = String(result.errors[0]?.extensions?.['code'] ?? 'INTERNAL');
    },
    onResponse({ request, response }) {
      const {
        id: requestId,
        startedAt,
        address,
        caller,
        operationName,
        code,
        errors,
        cost,
        upstream,
      } = stateOf(request);
      response.headers.set('x-request-id', requestId);
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      log.info(
        {
          requestId,
          method: request.method,
          status: response.status,
          code,
          durationMs,
          address,
          tenant: caller?.tenantId,
          caller: caller && shorten(caller.id),
          operationName,
          errors: errors ?? (upstream && 0),
          cost: cost && { calls: cost.calls, rows: cost.rows, points: cost.charged ?? cost.points },
          ...upstream,
        },
        'request',
      );
    },
  };
}

const shorten = (name: string | undefined) => name?.slice(0, MAX_NAME_LENGTH);
