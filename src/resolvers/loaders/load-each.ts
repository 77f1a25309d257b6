/**
 * Returns a batch function that settles key by key: DataLoader resolves each key with the promise in its slot, so a slow
 * key delays only itself. DataLoader's types allow finished values only.
 */
export function loadEach<Key, Value>(load: (key: Key, index: number) => Value | Promise<Value>) {
  return (keys: readonly Key[]) => Promise.resolve(keys.map(load) as readonly unknown[] as readonly Value[]);
}
