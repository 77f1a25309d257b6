// The cache returns the same array every time, so a derived value is computed once and not for each operation.
const derivations = new WeakMap<object, Map<unknown, unknown>>();

/**
 * Returns `derive(list)`, computed on the first call for this list and `key`. `key` identifies the derivation: pass a
 * constant or the function itself.
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
