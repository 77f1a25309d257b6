// Heap sizes of parsed answers, measured with full and with minimal values of each model. The result is an upper bound
// within a fifth for all of them. An entry includes its slot in the cache, its times and its entry in `textBytes`.
const ENTRY_BYTES = 320;
const OBJECT_BYTES = 960;
const ROW_BYTES = 160;

const textBytes = new WeakMap<object, number>();

// V8 stores a string with one byte per character unless it contains one of these; then each character takes two.
const WIDE = /[\u0100-\uffff]/;

/**
 * Notes the length of the body that a value was read from and returns the value. The length bounds what its strings can
 * take. Measuring each row of a list instead would block the event loop for as long as parsing it.
 */
export function noteBody<T>(value: T, body: string): T {
  if (typeof value !== 'object' || value === null) return value;
  const isWide = WIDE.test(body) || body.includes('\\u');
  textBytes.set(value, body.length * (isWide ? 2 : 1));
  return value;
}

/** Returns what {@link noteBody} has noted: how many bytes the text of a value can take. */
export const textBytesOf = (value: unknown): number | undefined =>
  typeof value === 'object' && value !== null ? textBytes.get(value) : undefined;

/** Notes how many bytes the text of a value can take. */
export function noteTextBytes(value: unknown, bytes: number): void {
  if (typeof value === 'object' && value !== null) textBytes.set(value, bytes);
}

/** Returns about how many bytes an answer and its cache key take on the heap. */
export function weigh(key: string, value: unknown): number {
  const entry = ENTRY_BYTES + key.length;
  if (value === null) return entry;
  const text = typeof value === 'object' ? textBytes.get(value) : undefined;
  if (text === undefined) return entry + OBJECT_BYTES + walk(value);
  return entry + text + (Array.isArray(value) ? ROW_BYTES * value.length : OBJECT_BYTES);
}

/** Estimates a value without a known body. */
function walk(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 48;
  for (const item of Object.values(value)) bytes += 16 + walk(item);
  return bytes;
}
