import type { BusinessIdentifier } from '../models/identifiers.ts';

/** What a read is about. A read without a subject is not kept. */
export type ReadSubject =
  | { readonly kind: 'salesUnits' }
  | { readonly kind: 'salesUnit'; readonly msn: string }
  | { readonly kind: 'merchant'; readonly identifier: BusinessIdentifier }
  | { readonly kind: 'merchantSalesUnits'; readonly identifier: BusinessIdentifier }
  | { readonly kind: 'productOrders'; readonly path: string; readonly includeExpired: boolean }
  | { readonly kind: 'pricePackages'; readonly path: string };

/** An answer of the archive. */
export interface ArchivedAnswer {
  readonly value: unknown;
  /** When the upstream was asked, in milliseconds since 1970. */
  readonly readAt: number;
}

/** Keeps the answers of one tenant on disk: a slow level below the cache that survives a restart. */
export interface AnswerArchive {
  /** Takes note of an answer. Returns at once and never throws. */
  note(subject: ReadSubject, answer: ArchivedAnswer): void;
  /** Takes note that a write has changed product orders. */
  ordersChanged(): void;
  /** Returns undefined for what is not known. Never throws: an archive that fails knows nothing. */
  find(subject: ReadSubject): Promise<ArchivedAnswer | undefined>;
}
