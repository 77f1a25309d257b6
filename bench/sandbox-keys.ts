/** What a caller of the sandbox needs. */
export interface Keys {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey: string;
}
