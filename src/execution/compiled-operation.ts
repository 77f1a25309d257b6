import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  visit,
} from 'graphql';
import { Compiler, type IsLasting } from './compiler.ts';
import type { OperationPlan, Text } from './plan.ts';
import { OperationRun, type RunOptions } from './run.ts';
import { selectionText, serialText } from './selection-text.ts';

/** What an operation returns: its data as JSON, `null` if an error at a required field took it all, and the errors. */
export interface TextResult {
  readonly data: string;
  readonly errors: OperationRun['errors'];
}

/** So many combinations of what is skipped and included are kept. */
const MOST_PLANS = 16;

/** A query or a mutation of a valid document, prepared to be run many times. Answers as `execute` of graphql-js does. */
export class CompiledOperation {
  readonly operation: OperationDefinitionNode;
  readonly #schema: GraphQLSchema;
  readonly #isLasting: IsLasting;
  readonly #fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  /** The variables in `@skip` and `@include`. */
  readonly #deciding = new Set<string>();
  readonly #plans = new Map<string, OperationPlan>();

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    isLasting: IsLasting = () => false,
  ) {
    this.operation = operation;
    this.#schema = schema;
    this.#isLasting = isLasting;
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments[definition.name.value] = definition;
    const selection = ({ directives }: SelectionNode) => {
      for (const { arguments: given } of directives ?? [])
        for (const { value } of given ?? [])
          if (value.kind === Kind.VARIABLE) this.#deciding.add(value.name.value);
    };
    visit(document, { Field: selection, InlineFragment: selection, FragmentSpread: selection });
  }

  /** Returns the values of the variables as the schema reads them; undefined if it refuses them. */
  readVariables(given: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
    const definitions = this.operation.variableDefinitions;
    if (!definitions?.length) return {};
    return getVariableValues(this.#schema, definitions, given, { maxErrors: 1 }).coerced;
  }

  run(options: RunOptions): TextResult | Promise<TextResult> {
    const plan = this.#plan(options.variables);
    const run = new OperationRun(plan, options);
    const { errors } = run;
    const lost = (error: unknown) => {
      run.addError(error as OperationRun['errors'][number], undefined);
      return 'null';
    };
    let data: Text;
    try {
      data =
        this.operation.operation === OperationTypeNode.MUTATION
          ? serialText(plan.root, undefined, run)
          : selectionText(plan.root, undefined, run, undefined);
    } catch (error) {
      data = lost(error);
    }
    if (typeof data === 'string') return { data, errors };
    return data.then(undefined, lost).then((known) => ({ data: known, errors }));
  }

  #plan(variables: Record<string, unknown>): OperationPlan {
    let key = '';
    for (const name of this.#deciding) key += variables[name] === true ? '1' : '0';
    const known = this.#plans.get(key);
    if (known) return known;
    const schema = this.#schema;
    const { operation } = this;
    const fragments = this.#fragments;
    const compiler = new Compiler(schema, fragments, variables, this.#isLasting);
    const type = schema.getRootType(operation.operation) as GraphQLObjectType;
    const root = compiler.selection(type, [operation.selectionSet]);
    const plan = { schema, operation, fragments, root };
    if (this.#plans.size < MOST_PLANS) this.#plans.set(key, plan);
    return plan;
  }
}
