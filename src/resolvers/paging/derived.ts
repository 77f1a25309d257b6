// What the cache gives out is the same array every time, so what is made from it is made once and not for each operation.
const derivations = new WeakMap<object, Map<unknown, unknown>>();

/**
 * Returns `derive(list)`, made on the first call for this list and this `key`. `key` names the derivation: pass a constant
 * or the function itself.
 */
export function derived<List extends object, Value>(
  list: List,
  derive: (list: List) => Value,
  key: unknown = derive,
): Value {
  const known = derivations.get(list) ?? new Map<unknown, unknown>();
  derivations.set(list, known);
  if (!known.has(key)) known.set(key, derive(list));
  return known.get(key) as Value;
}
