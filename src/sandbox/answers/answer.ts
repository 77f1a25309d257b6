/** What a route answers, before faults and before it is written to a socket. */
export interface Answer {
  readonly status: number;
  /** Empty for an answer without a body, or without the header on purpose. */
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The media type of successful reads, written without a space as the contract does. */
export const JSON_UTF8 = 'application/json;charset=UTF-8';

/** A successful read. */
export function ok(value: object): Answer {
  return { status: 200, contentType: JSON_UTF8, body: JSON.stringify(value) };
}
