import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What reading a selection needs: the fragments of the document and the values of its variables. */
export interface SelectionContext {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variableValues: Readonly<Record<string, unknown>>;
  /** Called for each selection, included or skipped. May throw to stop. */
  readonly onVisit?: () => void;
}

/** A field of the document, with the type condition of the fragment around it, if any. */
export interface SelectedField {
  readonly node: FieldNode;
  readonly typeCondition: string | undefined;
}

/** Returns every included field of the selection sets, with fragments expanded, each fragment once. */
export function selectedFields(
  selectionSets: readonly SelectionSetNode[],
  context: SelectionContext,
): SelectedField[] {
  const fields: SelectedField[] = [];
  const opened = new Set<string>();
  const visit = (selectionSet: SelectionSetNode, typeCondition: string | undefined) => {
    for (const node of selectionSet.selections) {
      context.onVisit?.();
      if (isSkipped(node, context)) continue;
      if (node.kind === Kind.FIELD) fields.push({ node, typeCondition });
      else if (node.kind === Kind.INLINE_FRAGMENT)
        visit(node.selectionSet, node.typeCondition?.name.value ?? typeCondition);
      else if (!opened.has(node.name.value)) {
        opened.add(node.name.value);
        const fragment = context.fragments[node.name.value];
        if (fragment) visit(fragment.selectionSet, fragment.typeCondition.name.value);
      }
    }
  };
  for (const selectionSet of selectionSets) visit(selectionSet, undefined);
  return fields;
}

/** Returns the fields that apply to an object of this type, by response key. */
export function fieldsByName(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
  context: SelectionContext,
): Map<string, FieldNode[]> {
  const byName = new Map<string, FieldNode[]>();
  for (const { node, typeCondition } of selectedFields(selectionSets, context)) {
    if (!applies(schema, typeCondition, type)) continue;
    const name = node.alias?.value ?? node.name.value;
    const nodes = byName.get(name);
    if (nodes) nodes.push(node);
    else byName.set(name, [node]);
  }
  return byName;
}

function applies(schema: GraphQLSchema, typeCondition: string | undefined, type: GraphQLObjectType): boolean {
  if (typeCondition === undefined || typeCondition === type.name) return true;
  const condition = schema.getType(typeCondition);
  return isAbstractType(condition) && schema.isSubType(condition, type);
}

function isSkipped(node: SelectionNode, { variableValues }: SelectionContext): boolean {
  if (!node.directives?.length) return false;
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] === false
  );
}
