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
  const { equals } = filter;
  const oneOf = filter.in && new Set(filter.in);
  const contains = filter.contains?.toLowerCase();
  const startsWith = filter.startsWith?.toLowerCase();
  return (text) => {
    if (equals != null && text !== equals) return false;
    if (oneOf && !oneOf.has(text)) return false;
    if (contains === undefined && startsWith === undefined) return true;
    const lower = text.toLowerCase();
    return lower.includes(contains ?? '') && lower.startsWith(startsWith ?? '');
  };
}
