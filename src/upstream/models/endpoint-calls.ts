/** The calls of one endpoint within a time. */
export interface EndpointCalls {
  /** Method and path template. */
  readonly route: string;
  readonly calls: number;
  /** Calls by status. Those without an answer have none. */
  readonly byStatus: ReadonlyMap<number, number>;
}
