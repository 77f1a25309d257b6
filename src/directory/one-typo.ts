/** Returns whether one wrong, missing, extra or swapped letter turns one word into the other. Equal words are no typo. */
export function isOneTypoApart(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1 || left === right) return false;
  let from = 0;
  while (from < left.length && left[from] === right[from]) from++;
  const rest = (word: string, skip: number) => word.slice(from + skip);
  if (left.length > right.length) return rest(left, 1) === rest(right, 0);
  if (left.length < right.length) return rest(left, 0) === rest(right, 1);
  const isSwapped = left[from] === right[from + 1] && left[from + 1] === right[from];
  return rest(left, 1) === rest(right, 1) || (isSwapped && rest(left, 2) === rest(right, 2));
}
