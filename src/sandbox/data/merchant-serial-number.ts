// A prime that leaves 3 when divided by 4: only then does `scatter` below meet every number once.
const PRIME = 2_000_003;
const LOWEST = 20_000;

/**
 * The MSN of the unit at this index: five to seven digits (partner pages name that length), no two alike, and in no
 * order that a client could come to rely on.
 */
export function msnOf(index: number, offset: number): string {
  return String(LOWEST + scatter((scatter(index) + offset) % PRIME));
}

// Squares modulo such a prime never repeat on the lower half; mirrored, they fill the upper half.
function scatter(value: number): number {
  const square = (value * value) % PRIME;
  return value * 2 < PRIME ? square : PRIME - square;
}
