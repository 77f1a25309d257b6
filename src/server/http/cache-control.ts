import type { Freshness } from '../../upstream/reads/freshness.ts';

const DIRECTIVE = /^\s*([\w-]+)\s*(?:=\s*"?(\d{1,9})"?\s*)?$/;
const SECOND = 1_000;

/**
 * Returns what the request directives of a `Cache-Control` header allow (RFC 9111, section 5.2.1); undefined if none of
 * them is about freshness. Unknown and malformed directives are ignored, as the RFC asks for.
 */
export function readCacheControl(header: string | null): Freshness | undefined {
  if (header === null) return undefined;
  let maxAgeMs: number | undefined;
  let maxStaleMs: number | undefined;
  let onlyIfCached = false;
  for (const part of header.split(',')) {
    const [, name = '', seconds] = DIRECTIVE.exec(part) ?? [];
    const ms = seconds === undefined ? undefined : Number(seconds) * SECOND;
    const directive = name.toLowerCase();
    if (directive === 'no-cache') maxAgeMs = 0;
    else if (directive === 'max-age' && ms !== undefined) maxAgeMs = Math.min(maxAgeMs ?? ms, ms);
    else if (directive === 'max-stale') maxStaleMs = ms ?? Number.POSITIVE_INFINITY;
    else if (directive === 'only-if-cached') onlyIfCached = true;
  }
  if (maxAgeMs === undefined && maxStaleMs === undefined && !onlyIfCached) return undefined;
  return {
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    ...(maxStaleMs !== undefined && { maxStaleMs }),
    onlyIfCached,
  };
}
