import type { ChangePlace } from '../../directory/changes/change.ts';
import { BadUserInput } from '../errors.ts';
import { decodeCursor, encodeCursor } from '../paging/cursor.ts';

const LIST = 'changes';

export const changeCursor = ({ epoch, sequence }: ChangePlace): string =>
  encodeCursor(LIST, [epoch, String(sequence)]);

/** Throws {@link BadUserInput}. */
export function readChangeCursor(
  argument: string,
  cursor: string | null | undefined,
): ChangePlace | undefined {
  if (cursor == null) return undefined;
  const [epoch = '', sequence = '', ...rest] = decodeCursor(argument, LIST, cursor);
  if (rest.length > 0 || !/^\d{1,15}$/.test(sequence))
    throw new BadUserInput(argument, 'is not a cursor of changes; use pageInfo.endCursor or edges.cursor');
  return { epoch, sequence: Number(sequence) };
}
