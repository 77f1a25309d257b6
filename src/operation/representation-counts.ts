import { type EntityName, typeOf } from '../resolvers/representation.ts';

/** Returns how many representations there are of each entity. Anything else is refused when it is resolved. */
export function representationCounts(representations: unknown): ReadonlyMap<EntityName, number> {
  const counts = new Map<EntityName, number>();
  for (const one of Array.isArray(representations) ? representations : [representations]) {
    const type = typeOf(one);
    if (type) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
