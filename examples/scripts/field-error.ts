export interface FieldError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly retryAfterMs?: number;
  };
}

const LONGEST_BACK_OFF_MS = 30_000;

export const isRetryable = ({ extensions }: FieldError): boolean => extensions?.retryable === true;

/** Returns how long to wait: as long as the gateway says, otherwise twice as long each time. */
export function waitMs(attempt: number, errors: readonly FieldError[]): number {
  const asked = Math.max(0, ...errors.map(({ extensions }) => extensions?.retryAfterMs ?? 0));
  // Scattered, so that scripts that were refused together do not come back together.
  return asked || Math.min(LONGEST_BACK_OFF_MS, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
}
