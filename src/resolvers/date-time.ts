/** Returns a time as the schema shows it, from milliseconds since 1970; null for none. */
export const toDateTime = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();
