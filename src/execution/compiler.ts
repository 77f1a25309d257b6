import { collectFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNullableType,
  isLeafType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { containsVariable } from '../operation/value-node.ts';
import { completeBy } from './complete.ts';
import type { FieldPlan, Planner, SelectionPlan } from './plan.ts';

/** Whether objects of this type are the same in every run as long as they do not change. */
export type IsLasting = (type: GraphQLObjectType) => boolean;

/** Plans selections for one set of decisions of `@skip` and `@include`. */
export class Compiler implements Planner {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly #variables: Record<string, unknown>;
  readonly #isLasting: IsLasting;
  readonly #fixed = new Map<SelectionSetNode, boolean>();

  constructor(
    schema: GraphQLSchema,
    fragments: Record<string, FragmentDefinitionNode>,
    variables: Record<string, unknown>,
    isLasting: IsLasting,
  ) {
    this.schema = schema;
    this.fragments = fragments;
    this.#variables = variables;
    this.#isLasting = isLasting;
  }

  /** Plans what is selected of an object of this type. */
  selection(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): SelectionPlan {
    // One set with the selections of all, as if they stood in one field.
    const [only] = sets;
    const set: SelectionSetNode =
      sets.length === 1 && only
        ? only
        : { kind: Kind.SELECTION_SET, selections: sets.flatMap(({ selections }) => selections) };
    const collected = collectFields(this.schema, this.fragments, this.#variables, type, set);
    const fields: FieldPlan[] = [];
    for (const [key, nodes] of collected.fields) {
      const field = this.#field(type, key, nodes, fields.length === 0);
      if (field) fields.push(field);
    }
    const isRemembered = this.#isLasting(type) && sets.every((one) => this.#isFixed(one));
    return { type, fields, isRemembered };
  }

  #field(
    parentType: GraphQLObjectType,
    key: string,
    nodes: readonly FieldNode[],
    isFirst: boolean,
  ): FieldPlan | undefined {
    const [node] = nodes;
    const name = node?.name.value ?? '';
    const isTypeName = name === TypeNameMetaFieldDef.name;
    const field = isTypeName ? TypeNameMetaFieldDef : parentType.getFields()[name];
    if (!node || !field) return undefined;
    return {
      field,
      nodes,
      parentType,
      key,
      label: `${isFirst ? '{' : ','}${JSON.stringify(key)}:`,
      isNonNull: isNonNullType(field.type),
      hasPath: !isLeafType(getNullableType(field.type)) || field.resolve !== undefined,
      resolve: field.resolve,
      args: constantArguments(field, node),
      constant: isTypeName ? JSON.stringify(parentType.name) : undefined,
      complete: completeBy(field.type, nodes, this),
    };
  }

  #isFixed(set: SelectionSetNode): boolean {
    const known = this.#fixed.get(set);
    if (known !== undefined) return known;
    // A valid document has no cycle of fragments.
    const isFixed = set.selections.every((selection) => {
      if (selection.directives?.some(dependsOnVariable)) return false;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = this.fragments[selection.name.value];
        return !fragment || this.#isFixed(fragment.selectionSet);
      }
      if (selection.kind === Kind.FIELD && dependsOnVariable(selection)) return false;
      return !selection.selectionSet || this.#isFixed(selection.selectionSet);
    });
    this.#fixed.set(set, isFixed);
    return isFixed;
  }
}

const dependsOnVariable = (node: Pick<FieldNode, 'arguments'>) =>
  node.arguments?.some(({ value }) => containsVariable(value)) === true;

/** Undefined if a variable is among them, or if they are refused, which each field then says at its own path. */
function constantArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Readonly<Record<string, unknown>> | undefined {
  if (dependsOnVariable(node)) return undefined;
  try {
    return getArgumentValues(field, node);
  } catch {
    return undefined;
  }
}
