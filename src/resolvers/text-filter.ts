/** The conditions on one text; all that are given must hold. */
export interface TextFilter {
  readonly equals?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
  readonly contains?: string | null | undefined;
  readonly startsWith?: string | null | undefined;
}

/** A test for one text. `equals` and `in` are exact; `contains` and `startsWith` do not mind upper and lower case. */
export function textTest(filter: TextFilter | null | undefined): (text: string) => boolean {
  if (!filter) return () => true;
  const equals = filter.equals?.normalize();
  const oneOf = filter.in && new Set(filter.in.map((text) => text.normalize()));
  const contains = filter.contains?.normalize().toLowerCase();
  const startsWith = filter.startsWith?.normalize().toLowerCase();
  return (text) => {
    // One letter may come as one sign or as two, depending on the keyboard: å, or a with a ring.
    const composed = text.normalize();
    if (equals !== undefined && composed !== equals) return false;
    if (oneOf && !oneOf.has(composed)) return false;
    if (contains === undefined && startsWith === undefined) return true;
    const lower = composed.toLowerCase();
    return lower.includes(contains ?? '') && lower.startsWith(startsWith ?? '');
  };
}
