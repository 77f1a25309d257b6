import type { Secret } from './secret.ts';

/** The keys of one tenant, as the Management API requires them. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Absent with management keys, whose calls must not send one. */
  readonly subscriptionKey?: Secret | undefined;
  /** Interchangeable with the primary key, and tried when that is refused. */
  readonly subscriptionKeySecondary?: Secret | undefined;
  readonly tokenFlow: 'accesstoken' | 'miami';
  /** Sent as `Merchant-Serial-Number` where the call acts for one sales unit or one merchant. */
  readonly merchantSerialNumber?: string | undefined;
}
