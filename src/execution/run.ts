import {
  type FieldNode,
  type GraphQLError,
  getArgumentValues,
  locatedError,
  type ResponsePath,
  responsePathAsArray,
} from 'graphql';
import type { Arguments, FieldPlan, OperationPlan, Run, SelectionPlan, Text } from './plan.ts';
import { selectionText } from './selection-text.ts';

/** Remembers the texts of objects beyond one run. */
export interface TextMemory {
  /** Returns the text of the object if it is still what `make` would return; otherwise what `make` returns. `errors` grows if something in it fails. */
  textOf(plan: SelectionPlan, object: unknown, make: () => Text, errors: readonly GraphQLError[]): Text;
}

export interface RunOptions {
  readonly context: unknown;
  readonly variables: Record<string, unknown>;
  readonly memory?: TextMemory | undefined;
  /** Returns why nobody waits for the answer any more; undefined while somebody does. */
  readonly stopped?: () => Error | undefined;
}

/** One execution of an operation: what its fields share, and the errors so far. */
export class OperationRun implements Run {
  readonly plan: OperationPlan;
  readonly context: unknown;
  readonly variables: Record<string, unknown>;
  readonly errors: GraphQLError[] = [];
  readonly #memory: TextMemory | undefined;
  readonly #stopped: (() => Error | undefined) | undefined;
  readonly #nulled = new Set<ResponsePath | undefined>();
  /** Fields with variables in their arguments: every object of a list has the same. */
  readonly #arguments = new Map<FieldPlan, Arguments>();

  constructor(plan: OperationPlan, { context, variables, memory, stopped }: RunOptions) {
    this.plan = plan;
    this.context = context;
    this.variables = variables;
    this.#memory = memory;
    this.#stopped = stopped;
  }

  goOn(): this {
    const reason = this.#stopped?.();
    if (reason) throw reason;
    return this;
  }

  argumentsOf(plan: FieldPlan): Arguments {
    const known = this.#arguments.get(plan);
    if (known) return known;
    const values = getArgumentValues(plan.field, plan.nodes[0] as FieldNode, this.variables);
    this.#arguments.set(plan, values);
    return values;
  }

  fail(thrown: unknown, nodes: readonly FieldNode[], path: ResponsePath, isRequired: boolean): 'null' {
    const error = locatedError(thrown, nodes, responsePathAsArray(path));
    if (isRequired) throw error;
    this.addError(error, path);
    return 'null';
  }

  /** Adds an error, unless something around its place is null already because of another. */
  addError(error: GraphQLError, path: ResponsePath | undefined): void {
    if (this.#nulled.size > 0)
      for (let place = path; ; place = place.prev) {
        if (this.#nulled.has(place)) return;
        if (place === undefined) break;
      }
    this.#nulled.add(path);
    this.errors.push(error);
  }

  objectText(plan: SelectionPlan, object: unknown, path: ResponsePath | undefined): Text {
    const make = () => selectionText(plan, object, this, path);
    return this.#memory && plan.isRemembered ? this.#memory.textOf(plan, object, make, this.errors) : make();
  }
}
