import { answerLength } from './answer-length.ts';

/** Characters of JSON that are serialized at once, which takes about a millisecond. */
const SLICE = 256 * 1024;

/** Returns the JSON of a large value, serialized in pieces with an awaited `turn` between them. */
export async function serialize(value: unknown, turn: () => Promise<void>): Promise<string> {
  const pieces: string[] = [];
  await serializeTo((piece) => pieces.push(piece), value, turn);
  return pieces.join('');
}

/** Passes the same JSON on piece by piece. */
export async function serializeTo(
  sink: (piece: string) => void,
  value: unknown,
  turn: () => Promise<void>,
): Promise<void> {
  let fresh = 0;
  const add = (piece: string) => {
    sink(piece);
    fresh += piece.length;
  };
  const write = async (part: unknown): Promise<void> => {
    if (typeof part !== 'object' || part === null || answerLength(part, SLICE) <= SLICE)
      add(JSON.stringify(part) ?? 'null');
    else if (Array.isArray(part)) await writeAll('[', part, (item) => ['', item], ']');
    // The keys of a result are GraphQL names, which need no escaping.
    else
      await writeAll('{', Object.entries(part).filter(isPresent), ([key, item]) => [`"${key}":`, item], '}');
    if (fresh < SLICE) return;
    fresh = 0;
    await turn();
  };
  const writeAll = async <T>(
    open: string,
    items: readonly T[],
    read: (item: T) => readonly [label: string, value: unknown],
    close: string,
  ): Promise<void> => {
    let before = open;
    for (const one of items) {
      const [label, item] = read(one);
      add(before + label);
      // Avoids an await for each of many small rows.
      if (fresh < SLICE && answerLength(item, SLICE) <= SLICE) add(JSON.stringify(item) ?? 'null');
      else await write(item);
      before = ',';
    }
    add(items.length === 0 ? open + close : close);
  };
  await write(value);
}

const isPresent = ([, value]: [string, unknown]) => value !== undefined;
