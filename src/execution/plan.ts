import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
  ResponsePath,
  SelectionSetNode,
} from 'graphql';

/** JSON, or a promise of it. */
export type Text = string | Promise<string>;

export type Arguments = Record<string, unknown>;

/** Returns the JSON of a value that a resolver returned. Throws what is wrong with it. */
export type Complete = (
  value: unknown,
  run: Run,
  path: ResponsePath | undefined,
  info: GraphQLResolveInfo,
) => Text;

/** A field of a selection: everything about it that is the same for every object and every run. */
export interface FieldPlan {
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  /** Its name in the answer. */
  readonly key: string;
  /** What comes before its value in the text of the object: a brace or a comma, and its key. */
  readonly label: string;
  readonly isNonNull: boolean;
  /** Something may ask for its path: its resolver, or what is inside it. Others need it only for an error. */
  readonly hasPath: boolean;
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  /** Its arguments, if no variable is among them. */
  readonly args: Arguments | undefined;
  /** Its text, if it is the same for every object. */
  readonly constant: string | undefined;
  readonly complete: Complete;
}

/** The fields to answer of an object of one type. */
export interface SelectionPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** Its text may be remembered: no variable decides anything in it, and its objects are the same in every run. */
  readonly isRemembered: boolean;
}

/** An operation, with what its `@skip` and `@include` leave of it. */
export interface OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly root: SelectionPlan;
}

/** Plans what is selected of objects. */
export interface Planner {
  readonly schema: GraphQLSchema;
  selection(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): SelectionPlan;
}

/** One execution of an operation, as its fields see it. */
export interface Run {
  readonly plan: OperationPlan;
  readonly context: unknown;
  /** The values of the variables as the schema reads them. */
  readonly variables: Record<string, unknown>;
  /** Called before a value is completed that was waited for. Throws if nobody waits for the answer any more. */
  goOn(): this;
  /** Throws for arguments that do not match their types. */
  argumentsOf(plan: FieldPlan): Arguments;
  /** Returns the text of a field or an item that failed. Throws the error, with its place, where null is not allowed. */
  fail(thrown: unknown, nodes: readonly FieldNode[], path: ResponsePath, isRequired: boolean): 'null';
  /** Returns the text of an object, which may be remembered. */
  objectText(plan: SelectionPlan, object: unknown, path: ResponsePath | undefined): Text;
}
