import type { TextCondition } from '../directory/directory-index.ts';

/** Conditions on a text, which must match all of them. */
export type TextFilter = TextCondition;

/** Returns a test of one text. `equals` and `in` are exact; `contains` and `startsWith` are not case-sensitive. */
export function textTest(filter: TextFilter | null | undefined): (text: string) => boolean {
  if (!filter) return () => true;
  const equals = filter.equals?.normalize();
  const oneOf = filter.in && new Set(filter.in.map((text) => text.normalize()));
  const contains = filter.contains?.normalize().toLowerCase();
  const startsWith = filter.startsWith?.normalize().toLowerCase();
  return (text) => {
    // A letter can be one code point or two, depending on the keyboard: å, or a with a combining ring.
    const composed = text.normalize();
    if (equals !== undefined && composed !== equals) return false;
    if (oneOf && !oneOf.has(composed)) return false;
    if (contains === undefined && startsWith === undefined) return true;
    const lower = composed.toLowerCase();
    return lower.includes(contains ?? '') && lower.startsWith(startsWith ?? '');
  };
}
