import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE } from '../resolvers/page.ts';
import { costOf, type FieldCost } from './cost.ts';
import { type SelectionContext, selectedFields } from './selected-fields.ts';

/** An operation as a client sent it. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A document can name a fragment twice at each of many levels: its tree then grows without end. */
const MAX_SELECTIONS = 50_000;
const MAX_DEPTH = 200;

/**
 * The most upstream calls that the operation may cause with nothing cached: pages as large as asked for, every merchant
 * a different one. Infinity for an operation too large or too deep to be looked through. What the executor will refuse
 * anyway counts as nothing.
 */
export function operationCost(schema: GraphQLSchema, operation: Operation): number {
  const definition = getOperationAST(operation.document, operation.operationName);
  const root = definition && schema.getRootType(definition.operation);
  if (!root) return 0;
  const variables = getVariableValues(
    schema,
    definition.variableDefinitions ?? [],
    operation.variables ?? {},
    { maxErrors: 1 },
  );
  if (!variables.coerced) return 0;

  // Without a prototype: a client may name a fragment `__proto__`.
  const fragments: Record<string, SelectionContext['fragments'][string]> = Object.create(null);
  for (const node of operation.document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  let selections = 0;
  const onVisit = () => {
    if (++selections > MAX_SELECTIONS) throw new TooLarge();
  };
  const walk = new Walk(schema, { fragments, variableValues: variables.coerced, onVisit });
  try {
    walk.selection(root, [definition.selectionSet], 1, true);
    return walk.calls;
  } catch (error) {
    if (error instanceof TooLarge) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

class TooLarge extends Error {}

class Walk {
  calls = 0;
  readonly #schema: GraphQLSchema;
  readonly #context: SelectionContext;
  readonly #lists = new Set<string>();
  #depth = 0;

  constructor(schema: GraphQLSchema, context: SelectionContext) {
    this.#schema = schema;
    this.#context = context;
  }

  /** `complete`: the objects come with their details. */
  selection(
    type: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
    objects: number,
    complete: boolean,
  ): void {
    if (++this.#depth > MAX_DEPTH) throw new TooLarge();
    const byName = new Map<string, FieldNode[]>();
    for (const { node, typeCondition } of selectedFields(selectionSets, this.#context)) {
      if (!this.#applies(typeCondition, type)) continue;
      const name = node.alias?.value ?? node.name.value;
      const nodes = byName.get(name);
      if (nodes) nodes.push(node);
      else byName.set(name, [node]);
    }
    let details = complete;
    for (const nodes of byName.values()) {
      const [node] = nodes;
      const field = node && type.getFields()[node.name.value];
      if (!field) continue;
      if (costOf(field).details && !details) {
        details = true;
        this.calls += objects;
      }
      this.#field(field, nodes, objects);
    }
    this.#depth--;
  }

  #field(field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], objects: number): void {
    const cost = costOf(field);
    const rows = this.#rows(field, nodes, cost.rows);
    this.calls += objects * (cost.calls ?? 0) * (cost.rows === 'page' ? 1 : rows);
    for (const list of cost.lists ?? []) {
      if (!this.#lists.has(list)) this.calls++;
      this.#lists.add(list);
    }
    const type = getNamedType(field.type);
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    // Behind an interface stands one of several types: each is counted, which is never too little.
    const types = isAbstractType(type)
      ? this.#schema.getPossibleTypes(type)
      : isObjectType(type)
        ? [type]
        : [];
    for (const possible of types)
      this.selection(possible, selections, objects * rows, this.#isComplete(field, possible));
  }

  #isComplete(field: GraphQLField<unknown, unknown>, type: GraphQLObjectType): boolean {
    return (
      costOf(field).complete === true ||
      !Object.values(type.getFields()).some((child) => costOf(child).details)
    );
  }

  #rows(
    field: GraphQLField<unknown, unknown>,
    [node]: readonly FieldNode[],
    rows: FieldCost['rows'],
  ): number {
    if (!rows || !node) return 1;
    try {
      const { first, last, [rows]: items } = getArgumentValues(field, node, this.#context.variableValues);
      if (rows !== 'page') return Array.isArray(items) ? items.length : 0;
      return Math.max(0, Number(first ?? last ?? DEFAULT_PAGE_SIZE));
    } catch {
      return 0;
    }
  }

  #applies(typeCondition: string | undefined, type: GraphQLObjectType): boolean {
    if (typeCondition === undefined || typeCondition === type.name) return true;
    const condition = this.#schema.getType(typeCondition);
    return isAbstractType(condition) && this.#schema.isSubType(condition, type);
  }
}
