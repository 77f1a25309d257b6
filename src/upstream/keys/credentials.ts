import type { Secret } from './secret.ts';

/** The keys of one tenant, as the Management API wants them. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Absent with management keys, whose calls must not carry one. */
  readonly subscriptionKey?: Secret | undefined;
  /** Primary and secondary key are interchangeable: the secondary is tried when the primary is refused. */
  readonly subscriptionKeySecondary?: Secret | undefined;
  readonly tokenFlow: 'accesstoken' | 'miami';
  /** Sent as `Merchant-Serial-Number` where the call acts for one sales unit or one merchant. */
  readonly merchantSerialNumber?: string | undefined;
}
