/** Decisions on what the sources leave open or say in two ways. Each can be switched, so that clients meet both. */
export interface Policy {
  /**
   * Lists and orders give msn as an integer, as the examples of the guide show; details give a string either way. The
   * specification says string everywhere, hence the default false.
   */
  readonly msnAsInteger: boolean;
}

export const defaultPolicy: Policy = { msnAsInteger: false };
