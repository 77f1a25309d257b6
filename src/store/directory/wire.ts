import { BROKEN } from '../../upstream/models/broken.ts';

const BROKEN_LEAF = '\u0000broken';
const MAP = '\u0000map';
const SET = '\u0000set';

/** Writes a message between threads: JSON with unreadable leaves, which are symbols, with maps and with sets. */
export const pack = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => {
    if (part === BROKEN) return BROKEN_LEAF;
    if (part instanceof Map) return { [MAP]: [...part] };
    return part instanceof Set ? { [SET]: [...part] } : part;
  });

/** Reads what {@link pack} has written. */
export const unpack = (text: string): unknown =>
  text.includes('\\u0000') ? JSON.parse(text, revive) : JSON.parse(text);

function revive(_name: string, part: unknown): unknown {
  if (part === BROKEN_LEAF) return BROKEN;
  if (typeof part !== 'object' || part === null) return part;
  const { [MAP]: entries, [SET]: items } = part as { [MAP]?: [unknown, unknown][]; [SET]?: unknown[] };
  if (entries) return new Map(entries);
  return items ? new Set(items) : part;
}
