import { BadUserInput } from '../errors.ts';

/** Returns an opaque cursor. It contains the row's key, not its index, since the list can change between two pages. */
export function encodeCursor(order: string, key: readonly string[]): string {
  return Buffer.from(JSON.stringify([order, ...key])).toString('base64url');
}

/** Returns the key in a cursor. Throws {@link BadUserInput} for anything but a cursor of this order. */
export function decodeCursor(argument: string, order: string, cursor: string): readonly string[] {
  const parts = parse(cursor);
  if (!parts || encodeCursor(parts[0] ?? '', parts.slice(1)) !== cursor)
    throw new BadUserInput(argument, 'is not a cursor of this list; use pageInfo.endCursor or edges.cursor');
  if (parts[0] !== order)
    throw new BadUserInput(
      argument,
      'belongs to another list or another orderBy; start again from the first page',
    );
  return parts.slice(1);
}

function parse(cursor: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value) && value.length >= 2 && value.every((part) => typeof part === 'string'))
      return value;
  } catch {
    // Not Base64 or not JSON, so not a cursor.
  }
  return undefined;
}
