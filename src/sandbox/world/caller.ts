/** The party that a token was issued to, which decides what the API shows. */
export type Caller =
  | { readonly kind: 'partner'; readonly partner: string }
  | { readonly kind: 'merchant'; readonly merchant: number };
