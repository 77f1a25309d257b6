/** An event of a subscription as a client receives it. */
export interface SentEvent {
  readonly cursor: string;
  /** The result as JSON, with the errors that clients may see. */
  readonly json: string;
  /** What it cost to make. */
  readonly spent: { readonly calls: number; readonly rows: number };
}
