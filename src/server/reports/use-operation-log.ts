import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GraphQLError, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { type Log, logClean } from '../../telemetry/log.ts';
import { cleanText } from '../../upstream/models/clean-text.ts';
import { exchangeOf } from '../connections/exchange.ts';
import type { OperationContext } from '../context.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { type RequestState, resumeState, stateOf } from '../request-state.ts';

// A client may send a name of a megabyte.
const MAX_NAME_LENGTH = 100;

/**
 * Logs one line per request, refusals included: who asked for what, how it ended, and what it cost. Sends the request id
 * in `X-Request-Id`.
 */
export function useOperationLog(log: Log, addressOf: ClientAddress): Plugin<OperationContext> {
  return {
    onRequest({ request, serverContext }) {
      const { req, res } = serverContext as { readonly req?: IncomingMessage; readonly res?: ServerResponse };
      resumeState(request, req);
      const state = stateOf(request);
      state.address = addressOf(req) || undefined;
      if (res) state.startedAt = exchangeOf(res).arrivedAt;
    },
    onParams({ request, params }) {
      // A document that is not valid has no other name.
      if (typeof params.operationName === 'string')
        stateOf(request).operationName = shorten(params.operationName);
    },
    onExecute: ({ args: { contextValue, document, operationName } }) => {
      const state = stateOf(contextValue.request);
      noteOperation(state, getOperationAST(document, operationName));
      return { onExecuteDone: ({ args }) => noteEnd(state, args.contextValue) };
    },
    onResultProcess({ request, result }) {
      if (Array.isArray(result) || isAsyncIterable(result) || !result.errors?.length) return;
      noteErrors(stateOf(request), result.errors);
    },
    onResponse({ request, response }) {
      const state = stateOf(request);
      response.headers.set('x-request-id', state.id);
      logRequest(log, state, request.method, response.status);
    },
  };
}

/** Notes the operation that is executed. */
export function noteOperation(
  state: RequestState,
  operation: OperationDefinitionNode | null | undefined,
): void {
  if (operation) state.operation = operation;
  state.operationName ??= shorten(operation?.name?.value);
}

/** Ends the context of an operation, and notes what it asked of the upstream. */
export function noteEnd(state: RequestState, { scope, end }: Pick<OperationContext, 'scope' | 'end'>): void {
  end();
  state.upstream = {
    upstreamCalls: scope.calls,
    upstreamCached: scope.cached,
    upstreamMs: Math.round(scope.ms),
  };
}

/** Notes the errors of a response. */
export function noteErrors(state: RequestState, errors: readonly GraphQLError[]): void {
  state.errors = errors.length;
  state.code = String(errors[0]?.extensions?.['code'] ?? 'INTERNAL');
}

/** Writes the line of a request that has its response. */
export function logRequest(log: Log, state: RequestState, method: string, status: number): void {
  const { id: requestId, startedAt, address, caller, operationName, code, errors, cost, upstream } = state;
  const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
  logClean(
    log,
    {
      requestId,
      method: clean(method),
      status,
      code,
      durationMs,
      address: clean(address),
      tenant: clean(caller?.tenantId),
      caller: clean(caller?.id),
      operationName: clean(operationName),
      errors: errors ?? (upstream && 0),
      cost: cost && { calls: cost.calls, rows: cost.rows, points: cost.charged ?? cost.points },
      ...upstream,
    },
    'request',
  );
}

const clean = (text: string | undefined) => text && cleanText(text, MAX_NAME_LENGTH);

const shorten = (name: string | undefined) => name?.slice(0, MAX_NAME_LENGTH);
