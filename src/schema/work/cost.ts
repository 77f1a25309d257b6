import type { GraphQLField } from 'graphql';
import type { EntityName } from '../../resolvers/representation.ts';

/** A list of the upstream that one operation reads at most once, even if many fields need it. */
type SharedList = 'salesUnits' | 'productOrders' | 'productOrders with expired' | 'pricePackages';

/** The most that a field may cost. Stored in the field's extensions. */
export interface FieldCost {
  /** Upstream calls of its own: for each parent object, and for each id or input in its arguments. */
  readonly calls?: number;
  readonly lists?: readonly SharedList[];
  /** Needs the details of its parent object: one call for the object, shared by all fields that need them. */
  readonly details?: boolean;
  /** Returns objects that already have their details. */
  readonly complete?: boolean;
  /** Each object needs a call of its own, whatever is selected of it, while no complete directory answers. */
  readonly callPerRow?: boolean;
  /**
   * Whether a directory answers, with these arguments: it makes no call of its own, and while it is complete its objects
   * have their details and those of their merchants.
   */
  readonly fromDirectory?: (args: Readonly<Record<string, unknown>>) => boolean;
  /** What each object costs of the types that representations of entities in the arguments name, instead of all above. */
  readonly entities?: Readonly<Record<EntityName, FieldCost>>;
  /**
   * How many objects the field returns: a page, one for each id or input in its arguments, as many as its parent field
   * decides (`edges`, `nodes` and `results`), or at most a fixed number for a list that is always short.
   */
  readonly rows?: 'page' | 'ids' | 'inputs' | 'inherited' | number;
}

/** Returns the `extensions` of a field with this cost. */
export const costs = (cost: FieldCost) => ({ cost });

/** Returns the cost of a field; an empty one if it declares none. */
export const costOf = (field: GraphQLField<unknown, unknown>): FieldCost =>
  (field.extensions['cost'] as FieldCost | undefined) ?? {};

/** An object of up to this many fields is one row. */
const FIELDS_PER_ROW = 20;

/** Returns how many rows an object counts for. The work and the memory it takes grow with its number of fields. */
export const rowsOfWidth = (fields: number) => Math.max(1, Math.ceil(fields / FIELDS_PER_ROW));
