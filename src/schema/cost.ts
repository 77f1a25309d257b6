import type { GraphQLField } from 'graphql';

/** A list of the upstream that one operation reads at most once, whoever asks. */
type SharedList = 'salesUnits' | 'productOrders' | 'productOrders with expired' | 'pricePackages';

/** The upstream calls that a field may cause, at most. Stands beside the field, in its extensions. */
export interface FieldCost {
  /** Calls of its own, for each object that it is asked of and for each id or input in its arguments. */
  readonly calls?: number;
  readonly lists?: readonly SharedList[];
  /** It needs the details of the object that it stands on: one call for that object, however many fields do. */
  readonly details?: boolean;
  /** The objects behind it come with their details. */
  readonly complete?: boolean;
  /** How many objects stand behind it: a page, or as many as there are ids or inputs in its arguments. */
  readonly rows?: 'page' | 'ids' | 'inputs';
}

/** For a field's `extensions`. */
export const costs = (cost: FieldCost) => ({ cost });

/** The cost beside a field; nothing where none is given. */
export const costOf = (field: GraphQLField<unknown, unknown>): FieldCost =>
  (field.extensions['cost'] as FieldCost | undefined) ?? {};
