import fc from 'fast-check';
import { type ExecutionResult, execute, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { CompiledOperation } from '../../src/execution/compiled-operation.ts';
import { schema } from '../../src/schema/index.ts';
import type { Caller } from '../../src/server/auth/caller.ts';
import { createContext } from '../../src/server/context.ts';
import { Turns } from '../../src/server/limits/turns.ts';
import { anyOperation } from '../operation/cost/any-operation.ts';
import { expectSameErrors } from '../support/errors-by-place.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { OPERATIONS, OPERATIONS_TIMEOUT_MS } from '../support/operations.ts';

let id = 0;

function contextOf({ client, directory }: TestGateway) {
  const caller: Caller = {
    id: 'test',
    tenantId: 'default',
    client,
    directory,
    scopes: new Set(['read', 'introspect', 'product-orders:write']),
    audience: 'backend',
    limits: {},
  };
  const options = { requestDeadlineMs: 20_000, maxPageSize: 1_000, maxRows: 20_000, turns: new Turns() };
  const occasion = { id: `run ${id++}`, startedAt: performance.now(), cacheControl: null };
  return createContext(options, caller, occasion);
}

const told = (errors: ExecutionResult['errors'] = []) =>
  errors.map(({ message, path, locations }) => ({ message, path, locations }));

async function compare(gateway: TestGateway, query: string, given: Record<string, unknown>) {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const callsOf = async (run: (context: ReturnType<typeof contextOf>) => unknown) => {
    const context = contextOf(gateway);
    const result = await run(context);
    context.end();
    // A call that an earlier operation left under way is shared.
    return { result, calls: context.scope.calls + context.scope.cached };
  };
  const plain = await callsOf((contextValue) =>
    execute({ schema, document, contextValue, variableValues: given }),
  );
  const compiled = new CompiledOperation(schema, document, operation);
  const variables = compiled.readVariables(given) ?? {};
  const quick = await callsOf((context) => compiled.run({ context, variables }));
  const again = await callsOf((context) => compiled.run({ context, variables }));
  const expected = plain.result as ExecutionResult;
  for (const { result, calls } of [quick, again]) {
    const { data, errors } = result as { data: string; errors: ExecutionResult['errors'] };
    // As text, since the order of fields counts.
    expect(JSON.stringify(JSON.parse(data)), query).toBe(JSON.stringify(expected.data));
    expectSameErrors(expected.data, told(errors), told(expected.errors), query);
    // An error at a required field ends the answer while calls of other fields are under way.
    if (!expected.errors) expect(calls, query).toBe(plain.calls);
  }
  return told(expected.errors);
}

describe('a compiled operation', () => {
  it(`answers ${OPERATIONS} operations as graphql-js does, with the same calls`, {
    timeout: OPERATIONS_TIMEOUT_MS,
  }, async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 12, latencyMs: 0 } });
    let failing = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (draw) => {
        const { query, variables } = anyOperation(draw, gateway.sandbox.data, { writes: false, live: false });
        const errors = await compare(gateway, query, variables);
        failing += Number(errors.length > 0);
      }),
      { numRuns: OPERATIONS, endOnFailure: true },
    );
    expect(failing).toBeGreaterThan(OPERATIONS / 20);
  });
});
