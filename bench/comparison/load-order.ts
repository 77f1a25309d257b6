/** What a load asks for, one request after the other. */
export interface Plan {
  /** `PASS` is replaced by the number of times that all variables have been used, so that no document is sent twice. */
  readonly query: string;
  /** JSON of the variables of each request, used in turns. `PASS` counts here too. ASCII only. */
  readonly variables: readonly string[];
}

/** The options of the load process. */
export interface LoadOrder {
  /** With its path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `authorization`, used in turns. None when empty. */
  readonly authorizations: readonly string[];
  readonly plan: Plan;
  /** The number of the first request. A later load that begins where this one ended repeats nothing. */
  readonly from: number;
  readonly connections: number;
  /** Ends after so many requests or so much time. */
  readonly end: { readonly requests: number } | { readonly ms: number };
}

export interface Sample {
  /** The number of the request. */
  readonly request: number;
  readonly body: string;
}

/** What the load process found. */
export interface LoadResult {
  readonly requests: number;
  /** The number that comes next. */
  readonly next: number;
  readonly ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 200, had errors, or did not come. */
  readonly failures: number;
  readonly firstFailure: string | undefined;
  /** Share of the time that the load itself computed. Near 1, it is the load that was measured. */
  readonly busy: number;
  readonly samples: readonly Sample[];
}
