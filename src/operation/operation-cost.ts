import {
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
  type SelectionSetNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE } from '../resolvers/paging/page-request.ts';
import { fieldsByName, type SelectionContext } from '../schema/selection/selected-fields.ts';
import { costOf, type FieldCost, rowsOfWidth } from '../schema/work/cost.ts';
import { collectDocument } from './collected-document.ts';
import { constantCost } from './constant-cost.ts';
import { introspectedRows, isIntrospection } from './introspected-rows.ts';
import type { Operation, OperationCost } from './operation.ts';
import { representationCounts } from './representation-counts.ts';

/** A document can spread a fragment twice at each of many levels, so its tree grows exponentially. */
const MAX_SELECTIONS = 50_000;
const MAX_DEPTH = 200;
/** A search takes as long as returning so many rows: a few milliseconds. */
const ROWS_PER_SEARCH = 50;
/** A representation without a valid key gets an error of its own, which takes as long as returning so many rows. */
const ROWS_PER_REPRESENTATION = 4;

/**
 * Returns an upper bound of what the operation may cost, before its first call. What the executor will refuse anyway,
 * such as a page larger than `maxPageSize`, costs nothing.
 */
export function operationCost(
  schema: GraphQLSchema,
  operation: Operation,
  { maxPageSize, hasDirectory = false }: CostOptions,
): OperationCost {
  const key = `${maxPageSize} ${hasDirectory} ${operation.operationName ?? ''}`;
  const options = { maxPageSize, hasDirectory };
  const cost = constantCost(operation.document, key, () => estimate(schema, operation, options));
  return cost ?? { calls: 0, rows: 0 };
}

export interface CostOptions {
  readonly maxPageSize: number;
  /** Whether the caller has a directory that is complete. */
  readonly hasDirectory?: boolean;
}

/** Returns undefined if the executor will refuse the whole operation. */
function estimate(
  schema: GraphQLSchema,
  operation: Operation,
  options: Required<CostOptions>,
): OperationCost | undefined {
  const definition = getOperationAST(operation.document, operation.operationName);
  const root = definition && schema.getRootType(definition.operation);
  if (!root) return undefined;
  const variables = getVariableValues(
    schema,
    definition.variableDefinitions ?? [],
    operation.variables ?? {},
    { maxErrors: 1 },
  );
  if (!variables.coerced) return undefined;

  const fragments = collectDocument(operation.document).fragments.definitions;
  let selections = 0;
  const onVisit = () => {
    if (++selections > MAX_SELECTIONS) throw new TooLarge();
  };
  const walk = new Walk(schema, { fragments, variableValues: variables.coerced, onVisit }, options);
  try {
    const rows = walk.selection(root, [definition.selectionSet], { objects: 1, complete: true });
    return { calls: walk.calls, rows };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { calls: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };
  }
}

class TooLarge extends Error {}

/** The objects that a selection applies to. */
interface Parents {
  readonly objects: number;
  /** They come with their details. */
  readonly complete: boolean;
  /** The directory knows them and what they refer to. */
  readonly known?: boolean;
  /** How many objects each list inside them has, if the field that returned them decides it. */
  readonly inherited?: number | undefined;
}

class Walk {
  calls = 0;
  readonly #schema: GraphQLSchema;
  readonly #context: SelectionContext;
  readonly #options: Required<CostOptions>;
  readonly #lists = new Set<string>();
  #depth = 0;

  constructor(schema: GraphQLSchema, context: SelectionContext, options: Required<CostOptions>) {
    this.#schema = schema;
    this.#context = context;
    this.#options = options;
  }

  /** Returns the rows; adds the calls to {@link Walk.calls}. */
  selection(type: GraphQLObjectType, sets: readonly SelectionSetNode[], parents: Parents): number {
    if (++this.#depth > MAX_DEPTH) throw new TooLarge();
    const { objects } = parents;
    const byName = fieldsByName(this.#schema, type, sets, this.#context);
    let rows = objects * rowsOfWidth(byName.size);
    let details = parents.complete || parents.known === true;
    for (const nodes of byName.values()) {
      const [node] = nodes;
      const field = node && type.getFields()[node.name.value];
      if (!field) {
        if (node && isIntrospection(node))
          rows += objects * introspectedRows(this.#schema, nodes, this.#context);
        continue;
      }
      if (costOf(field).details && !details) {
        details = true;
        this.calls += objects;
      }
      rows += this.#field(field, nodes, parents);
    }
    this.#depth--;
    return rows;
  }

  #field(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    { objects, inherited, known }: Parents,
  ): number {
    const cost = costOf(field);
    if (cost.entities) return this.#entities(field, nodes, cost.entities, objects);
    const given = this.#given(field, nodes, cost.rows);
    const isFromDirectory = this.#isFromDirectory(field, nodes);
    if (!isFromDirectory) this.calls += objects * (cost.calls ?? 0) * (cost.rows === 'page' ? 1 : given);
    if (cost.callPerRow && !this.#options.hasDirectory) this.calls += objects * given;
    if (!isFromDirectory) this.#read(cost.lists);
    const type = getNamedType(field.type);
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const isContainer = cost.rows === 'page' || cost.rows === 'inputs';
    const count = cost.rows === 'inherited' ? (inherited ?? 1) : isContainer ? 1 : given;
    const rowsOf = (possible: GraphQLObjectType) =>
      this.selection(possible, sets, {
        objects: objects * count,
        complete: this.#isComplete(field, possible),
        inherited: isContainer ? given : undefined,
        // What is listed anew by the upstream is not known, and neither is what it refers to.
        known: isFromDirectory ? this.#options.hasDirectory : known === true && !cost.calls && !cost.lists,
      });
    const searched = isFromDirectory ? objects * ROWS_PER_SEARCH : 0;
    if (isObjectType(type)) return searched + rowsOf(type);
    // An object behind an interface has one of several types. Adding up the calls of all types is never too low.
    return isAbstractType(type) ? Math.max(...this.#schema.getPossibleTypes(type).map(rowsOf)) : 0;
  }

  /** Each type costs for itself: a router asks for objects of one type, and selects fields of several. */
  #entities(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    costs: NonNullable<FieldCost['entities']>,
    objects: number,
  ): number {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const counts = representationCounts(this.#argumentsOf(field, nodes)?.['representations']);
    let rows = 0;
    for (const [name, count] of counts) {
      const type = this.#schema.getType(name);
      if (!isObjectType(type)) continue;
      const { calls = 0, lists, complete = false } = costs[name];
      this.calls += objects * count * calls;
      this.#read(lists);
      const own = this.selection(type, sets, { objects: objects * count, complete });
      rows += Math.max(own, objects * count * ROWS_PER_REPRESENTATION);
    }
    return rows;
  }

  #read(lists: FieldCost['lists'] = []): void {
    for (const list of lists) {
      if (!this.#lists.has(list)) this.calls++;
      this.#lists.add(list);
    }
  }

  /** Returns the values of the arguments; undefined if the executor will refuse them. */
  #argumentsOf(
    field: GraphQLField<unknown, unknown>,
    [node]: readonly FieldNode[],
  ): Readonly<Record<string, unknown>> | undefined {
    try {
      return node && getArgumentValues(field, node, this.#context.variableValues);
    } catch {
      return undefined;
    }
  }

  #isFromDirectory(field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[]): boolean {
    const { fromDirectory } = costOf(field);
    const args = fromDirectory && this.#argumentsOf(field, nodes);
    return args !== undefined && fromDirectory?.(args) === true;
  }

  #isComplete(field: GraphQLField<unknown, unknown>, type: GraphQLObjectType): boolean {
    return (
      costOf(field).complete === true ||
      !Object.values(type.getFields()).some((child) => costOf(child).details)
    );
  }

  /** Returns how many objects the arguments of a field ask for. */
  #given(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    rows: FieldCost['rows'],
  ): number {
    if (typeof rows === 'number') return rows;
    if (!rows || rows === 'inherited') return 1;
    const { maxPageSize } = this.#options;
    const args = this.#argumentsOf(field, nodes);
    if (!args) return 0;
    const { first, last, [rows]: items } = args;
    if (rows !== 'page') return Array.isArray(items) ? items.length : 0;
    const asked = Number(first ?? last ?? Math.min(DEFAULT_PAGE_SIZE, maxPageSize));
    // A page that is too long is refused with its own message.
    return asked > maxPageSize ? 0 : Math.max(0, asked);
  }
}
