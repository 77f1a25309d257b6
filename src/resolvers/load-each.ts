/**
 * A batch function that settles key by key: DataLoader resolves each key with the promise that stands in its slot, so
 * that one slow unit delays nobody but itself. Its types know only finished values.
 */
export function loadEach<Key, Value>(load: (key: Key) => Promise<Value>) {
  return (keys: readonly Key[]) =>
    Promise.resolve(keys.map((key) => load(key)) as readonly unknown[] as readonly Value[]);
}
