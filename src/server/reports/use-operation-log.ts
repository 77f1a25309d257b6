import type { IncomingMessage } from 'node:http';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { OperationContext } from '../context.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { requestIdOf } from './request-id.ts';

interface Facts {
  readonly startedAt: number;
  readonly address: string | undefined;
  tenant?: string;
  caller?: string;
  operationName?: string | undefined;
  upstreamCalls?: number;
  upstreamCached?: number;
  upstreamMs?: number;
  errors?: number;
}

// A client may write a megabyte there.
const LONGEST_NAME = 100;

/** One line per request, and the request id on the answer. */
export function useOperationLog(log: Log, addressOf: ClientAddress): Plugin<OperationContext> {
  const facts = new WeakMap<Request, Facts>();
  return {
    onRequest({ request, serverContext }) {
      const { req } = serverContext as { readonly req?: IncomingMessage };
      facts.set(request, { startedAt: performance.now(), address: addressOf(req) || undefined });
    },
    onExecute: () => ({
      onExecuteDone({ args, result }) {
        const { request, scope, caller, end } = args.contextValue;
        end();
        const known = facts.get(request);
        if (!known) return;
        known.tenant = caller.tenantId;
        known.caller = caller.id.slice(0, LONGEST_NAME);
        known.operationName = (args.operationName ?? operationName(args.document))?.slice(0, LONGEST_NAME);
        known.upstreamCalls = scope.calls;
        known.upstreamCached = scope.cached;
        known.upstreamMs = Math.round(scope.ms);
        known.errors = isAsyncIterable(result) ? 0 : (result.errors?.length ?? 0);
      },
    }),
    onResponse({ request, response }) {
      const requestId = requestIdOf(request);
      response.headers.set('x-request-id', requestId);
      const known = facts.get(request);
      if (!known) return;
      const { startedAt, ...rest } = known;
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      log.info(
        { requestId, method: request.method, status: response.status, durationMs, ...rest },
        'request',
      );
    },
  };
}

function operationName(document: OperationDocument): string | undefined {
  for (const definition of document.definitions)
    if (definition.kind === 'OperationDefinition') return definition.name?.value;
  return undefined;
}

interface OperationDocument {
  readonly definitions: readonly {
    readonly kind: string;
    readonly name?: { readonly value: string } | undefined;
  }[];
}
