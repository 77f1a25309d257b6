/**
 * One edit of a JSON response: the path as a list of keys and indexes, and the new value. In a list, `*` is every item.
 */
export interface PatchStep {
  path: (string | number)[];
  value?: unknown;
  remove?: true;
}

/** Edits JSON text. Ignores steps whose path does not exist, and returns text that is not JSON unchanged. */
export function patchJson(text: string, steps: readonly PatchStep[]): string {
  try {
    const root: unknown = { body: JSON.parse(text) };
    for (const step of steps) applyStep(root, ['body', ...step.path.map(String)], step);
    return JSON.stringify((root as { body: unknown }).body);
  } catch {
    return text;
  }
}

/** True when this is a valid edit. Unsafe keys are invalid. */
export function isPatchStep(step: unknown): boolean {
  if (!isContainer(step) || !('path' in step)) return false;
  const { path } = step;
  // A step that ends in __proto__ would change what every object of the process inherits.
  const isPath =
    Array.isArray(path) &&
    path.every((key) => (typeof key === 'string' ? key !== '__proto__' : isIndex(key)));
  // Without its root there would be no JSON left to send.
  const hasOneEdit =
    'remove' in step
      ? step['remove'] === true && !('value' in step) && isPath && path.length > 0
      : step['value'] !== undefined;
  return isPath && hasOneEdit && Object.keys(step).length === 2;
}

function applyStep(parent: unknown, [key = '', ...rest]: readonly string[], step: PatchStep): void {
  if (!isContainer(parent)) return;
  if (key === '*' && Array.isArray(parent)) {
    // From the end, so that removing an item does not move those that are still to come.
    for (let at = parent.length - 1; at >= 0; at--) applyStep(parent, [String(at), ...rest], step);
  } else if (Array.isArray(parent) && !isIndexOf(parent, key)) {
    // `length` or an index far beyond the end would make a list of any size.
  } else if (rest.length > 0) {
    if (Object.hasOwn(parent, key)) applyStep(parent[key], rest, step);
  } else if (!step.remove) parent[key] = step.value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function isIndexOf(list: readonly unknown[], key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key) && Number(key) < list.length;
}

function isIndex(key: unknown): boolean {
  return Number.isSafeInteger(key) && Number(key) >= 0;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
