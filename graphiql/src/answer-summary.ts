interface Cost {
  readonly calls?: number;
  readonly rows?: number;
  readonly points?: number;
  readonly charged?: number;
  readonly remaining?: number;
}

interface UpstreamReport {
  readonly calls: number;
  readonly cached: number;
  readonly ms: number;
  readonly oldest?: string;
}

/** What the status line shows of an answer. */
export interface AnswerSummary {
  readonly cost?: Cost | undefined;
  readonly upstream?: UpstreamReport | undefined;
  /** Each code of an error and of a user error once. */
  readonly codes: readonly DocumentedCode[];
}

export interface DocumentedCode {
  readonly code: string;
  /** On the page that explains it. Both kinds of codes have a `NOT_FOUND`. */
  readonly anchor: string;
}

/** Returns what an answer says about itself; undefined if that is nothing, or if it is no JSON. */
export function summarize(text: string | null | undefined): AnswerSummary | undefined {
  if (!text) return undefined;
  try {
    const { errors, data, extensions } = JSON.parse(text);
    const codes = [
      ...[...new Set(errorCodesOf(errors))].map((code) => ({ code, anchor: code })),
      ...[...new Set(userErrorCodesOf(data))].map((code) => ({ code, anchor: `user-${code}` })),
    ];
    const { cost, upstream } = extensions ?? {};
    return cost || upstream || codes.length > 0 ? { cost, upstream, codes } : undefined;
  } catch {
    return undefined;
  }
}

function errorCodesOf(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((error) => error?.extensions?.code).filter((code) => typeof code === 'string');
}

/** The codes in each list `userErrors`, however deep, as in the payloads of several orders. */
function userErrorCodesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    name === 'userErrors' && Array.isArray(child)
      ? child.map((error) => error?.code).filter((code) => typeof code === 'string')
      : userErrorCodesOf(child),
  );
}
