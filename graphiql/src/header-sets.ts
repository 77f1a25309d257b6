import type { HeaderSet } from '../../src/server/auth/header-sets.ts';

/** Returns the text of a set for the header editor; null without a set. */
export const headersText = (set: HeaderSet | undefined): string | null =>
  set ? JSON.stringify(set.headers, null, 2) : null;
