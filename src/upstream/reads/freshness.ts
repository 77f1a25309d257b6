/** How old the answers of an operation may be, as its caller said with `Cache-Control`. */
export interface Freshness {
  /** `max-age`: no older than this, in milliseconds. `no-cache` is 0. */
  readonly maxAgeMs?: number;
  /** `max-stale`: may be older than fresh by this, in milliseconds; `Infinity` without a number. */
  readonly maxStaleMs?: number;
  /** `only-if-cached`: no call may be made. */
  readonly onlyIfCached?: boolean;
}
