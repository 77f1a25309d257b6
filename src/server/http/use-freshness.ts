import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context.ts';
import { stateOf } from '../request-state.ts';

/**
 * Sends in `Cache-Control` for how long a router may keep an answer: until the first answer of the Management API that went
 * into it is no longer fresh. Nothing with an error, and nothing that changes at any time.
 */
export function useFreshness(): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      onExecuteDone({ args: { contextValue }, result }) {
        const { request, scope } = contextValue;
        const { operation } = stateOf(request);
        const isKept = !isAsyncIterable(result) && !result.errors?.length && operation?.operation === 'query';
        if (isKept) stateOf(request).freshUntil = scope.freshUntil;
      },
    }),
    onResponse({ request, response }) {
      const { freshUntil, code } = stateOf(request);
      if (
        freshUntil === undefined ||
        code !== undefined ||
        response.status !== 200 ||
        !Number.isFinite(freshUntil)
      )
        return;
      response.headers.set('cache-control', freshnessHeader(freshUntil));
    },
  };
}

/** Returns the `Cache-Control` of an answer that may be kept until then, in the time of `performance.now()`. */
export function freshnessHeader(freshUntil: number): string {
  const seconds = Math.max(0, Math.floor((freshUntil - performance.now()) / 1_000));
  return `private, max-age=${seconds}`;
}
