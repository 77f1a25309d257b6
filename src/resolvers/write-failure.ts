/** A write that failed or whose result is unknown. The idempotency key makes it safe to send again. */
export class WriteFailure extends Error {
  override name = 'WriteFailure';
  override readonly cause: unknown;
  readonly idempotencyKey: string | undefined;

  constructor(cause: unknown, idempotencyKey?: string) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.cause = cause;
    this.idempotencyKey = idempotencyKey;
  }
}
