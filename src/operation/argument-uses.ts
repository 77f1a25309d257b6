import {
  type ArgumentNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { collectDocument } from './collected-document.ts';
import { oncePerDocument } from './once-per-document.ts';

/** An argument where the document passes a value to it. */
export interface ArgumentUse {
  readonly field: FieldNode;
  readonly argument: ArgumentNode;
  readonly definition: GraphQLArgument;
  /** It belongs to a mutation, which reports what is wrong with its input as `userErrors`. */
  readonly isMutation: boolean;
}

interface Part {
  readonly uses: readonly ArgumentUse[];
  readonly spreads: ReadonlySet<string>;
}

const partsOf = oncePerDocument(() => new WeakMap<GraphQLSchema, Map<DefinitionNode, Part>>());

/**
 * Returns the arguments of an operation and of the fragments that it uses, each once where it is written. Leaves out
 * those that have the same size whatever the value. The document must be valid.
 */
export function argumentUses(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly ArgumentUse[] {
  const bySchema = partsOf(document);
  const parts = bySchema.get(schema) ?? new Map<DefinitionNode, Part>();
  bySchema.set(schema, parts);
  const { definitions } = collectDocument(document).fragments;
  const used = new Set<DefinitionNode>([operation]);
  const uses: ArgumentUse[] = [];
  for (const definition of used) {
    const part = parts.get(definition) ?? partOf(schema, definition);
    parts.set(definition, part);
    uses.push(...part.uses);
    for (const name of part.spreads) {
      const fragment = definitions[name];
      if (fragment) used.add(fragment);
    }
  }
  return uses;
}

function partOf(schema: GraphQLSchema, definition: DefinitionNode): Part {
  const types = new TypeInfo(schema);
  const uses: ArgumentUse[] = [];
  const spreads = new Set<string>();
  const addField = (field: FieldNode) => {
    const known = types.getFieldDef()?.args ?? [];
    const isMutation = types.getParentType() === schema.getMutationType();
    for (const argument of field.arguments ?? []) {
      const found = known.find(({ name }) => name === argument.name.value);
      if (found && hasSize(found)) uses.push({ field, argument, definition: found, isMutation });
    }
  };
  visit(
    definition,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: { enter: addField },
      [Kind.FRAGMENT_SPREAD]: { enter: ({ name }) => void spreads.add(name.value) },
    }),
  );
  return { uses, spreads };
}

function hasSize({ type }: GraphQLArgument): boolean {
  const named = getNamedType(type);
  const isFixed = isEnumType(named) || /^(Int|Float|Boolean)$/.test(named.name);
  return !isFixed || isListType(getNullableType(type));
}
