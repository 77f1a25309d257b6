import type { GraphQLField } from 'graphql';

/** A list of the upstream that one operation reads at most once, however many fields need it. */
type SharedList = 'salesUnits' | 'productOrders' | 'productOrders with expired' | 'pricePackages';

/** What a field may cost at most. Kept beside the field, in its extensions. */
export interface FieldCost {
  /** Upstream calls of its own: for each parent object, and for each id or input in its arguments. */
  readonly calls?: number;
  readonly lists?: readonly SharedList[];
  /** It needs the details of its parent object: one call for that object, however many fields need them. */
  readonly details?: boolean;
  /** The objects behind it come with their details. */
  readonly complete?: boolean;
  /**
   * How many objects the field returns: a page, as many as there are ids or inputs in its arguments, as many as the
   * field around it has (`edges`, `nodes` and `results`), or a fixed bound for a list that is short by nature.
   */
  readonly rows?: 'page' | 'ids' | 'inputs' | 'inherited' | number;
}

/** For a field's `extensions`. */
export const costs = (cost: FieldCost) => ({ cost });

/** Returns the cost given with a field; an empty one where none is given. */
export const costOf = (field: GraphQLField<unknown, unknown>): FieldCost =>
  (field.extensions['cost'] as FieldCost | undefined) ?? {};

/** An object of up to this many fields is one row. */
const FIELDS_PER_ROW = 20;

/** Returns how many rows an object counts for: what it takes to produce and to hold grows with its fields. */
export const rowsOfWidth = (fields: number) => Math.max(1, Math.ceil(fields / FIELDS_PER_ROW));
