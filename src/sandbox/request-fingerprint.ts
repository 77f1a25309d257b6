import { createHash } from 'node:crypto';

/** The same for two requests that say the same: the order of keys and the spaces between them do not count. */
export function fingerprintOf(body: Buffer): string {
  const hash = createHash('sha256');
  try {
    return hash.update(canonical(JSON.parse(body.toString()))).digest('base64');
  } catch {
    // Not JSON, or nested deeper than the stack: the same bytes are the same request.
    return hash.update(body).digest('base64');
  }
}

// Equal for two JSON values that differ in the order of their keys only.
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}
