import { BROKEN } from '../../upstream/models/broken.ts';
import { UNUSABLE_LINK } from '../../upstream/models/link.ts';

/** Stand-ins for values that JSON cannot express. They cannot be real text: upstream text has no control characters. */
const MARKS = new Map<unknown, string>([
  [BROKEN, '\u0000broken'],
  [UNUSABLE_LINK, '\u0000link'],
]);
const MARKED = new Map<unknown, unknown>([...MARKS].map(([value, mark]) => [mark, value]));
const MAP = '\u0000map';
const SET = '\u0000set';

/** Replaces a part that JSON cannot express; returns every other part as it is. */
export type ChangePart = (part: unknown) => unknown;

/**
 * Writes a value for a file or another thread: JSON with unreadable leaves, which are symbols, with maps and with sets.
 * `change` sees each part first.
 */
export const toJson = (value: unknown, change: ChangePart = (part) => part): string =>
  JSON.stringify(value, (_name, given: unknown) => {
    const part = change(given);
    if (part instanceof Map) return { [MAP]: [...part] };
    if (part instanceof Set) return { [SET]: [...part] };
    return typeof part === 'symbol' ? MARKS.get(part) : part;
  });

/** Reads what {@link toJson} has written. `change` sees each part last. */
export const fromJson = <T>(json: string, change?: ChangePart): T =>
  json.includes('\\u0000')
    ? JSON.parse(json, (_name, part) => (change ? change(revive(part)) : revive(part)))
    : JSON.parse(json);

function revive(part: unknown): unknown {
  if (typeof part === 'string') return MARKED.get(part) ?? part;
  if (typeof part !== 'object' || part === null) return part;
  const { [MAP]: entries, [SET]: items } = part as { [MAP]?: [unknown, unknown][]; [SET]?: unknown[] };
  if (entries) return new Map(entries);
  return items ? new Set(items) : part;
}
