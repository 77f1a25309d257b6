import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context.ts';

/** An operation that is about to run. */
export interface CheckedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  readonly contextValue: OperationContext;
}

interface Hooked {
  readonly args: CheckedOperation;
  setResultAndStopExecution(result: ExecutionResult): void;
}

/** Runs a check before queries, mutations and subscriptions. What it returns is the result instead. */
export function beforeOperations(
  check: (operation: CheckedOperation) => ExecutionResult | undefined,
): Plugin<OperationContext> {
  const hook = ({ args, setResultAndStopExecution }: Hooked) => {
    const result = check(args);
    if (result) setResultAndStopExecution(result);
  };
  return {
    onExecute: (payload) => hook(payload as unknown as Hooked),
    onSubscribe: (payload) => hook(payload as unknown as Hooked),
  };
}
