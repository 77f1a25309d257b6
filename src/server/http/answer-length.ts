/**
 * Returns about how many characters the JSON of an answer has, or `Infinity` as soon as that is more than
 * `most`. Measured before the JSON is made, since an answer that repeats a long text under many names takes far more
 * memory as text than as objects.
 */
export function answerLength(value: unknown, most: number): number {
  const length = lengthOf(value, most);
  return length > most ? Number.POSITIVE_INFINITY : length;
}

function lengthOf(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  let length = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      length += 1 + lengthOf(item, most - length);
      if (length > most) return length;
    }
    return length;
  }
  for (const key in value) {
    length += key.length + 4 + lengthOf((value as Record<string, unknown>)[key], most - length);
    if (length > most) return length;
  }
  return length;
}
