/** One edit of a JSON answer: the place as a list of keys and indexes, and what stands there afterwards. */
export interface PatchStep {
  path: string[];
  value?: unknown;
  remove?: true;
}

/** Edits JSON text; steps whose place does not exist, and text that is not JSON, are left as they are. */
export function patchJson(text: string, steps: readonly PatchStep[]): string {
  try {
    const root: { body: unknown } = { body: JSON.parse(text) };
    for (const step of steps) applyStep(root, step);
    return JSON.stringify(root.body);
  } catch {
    return text;
  }
}

function applyStep(root: { body: unknown }, { path, value, remove }: PatchStep): void {
  const keys = ['body', ...path];
  const last = keys.pop() ?? 'body';
  let parent: unknown = root;
  for (const key of keys)
    parent = isContainer(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (!isContainer(parent)) return;
  if (!remove) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
