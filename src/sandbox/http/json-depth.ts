/**
 * The most levels of nesting that control requests may have. Whatever walks through JSON by calling itself, as Node's
 * own functions do, runs out of stack after a few thousand.
 */
export const MOST_LEVELS = 500;

/** True when this value can be written as JSON of no more levels than that. */
export function isShallowJson(value: unknown): boolean {
  try {
    return isWithin(JSON.parse(JSON.stringify(value) ?? 'null'), MOST_LEVELS);
  } catch {
    return false;
  }
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((part) => isWithin(part, levels - 1));
}
