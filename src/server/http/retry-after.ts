/** The header that tells when to come back. Its unit is a second, and never none: that would mean at once. */
export const retryAfter = (ms: number): Record<string, string> => ({
  'retry-after': String(Math.max(1, Math.ceil(ms / 1_000))),
});
