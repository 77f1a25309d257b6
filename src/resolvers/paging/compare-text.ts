/** Compares by code units, which gives the same order on every replica, whatever its locale data. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
