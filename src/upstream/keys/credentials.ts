import type { MerchantSerialNumberUse } from './merchant-serial-number.ts';
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
  readonly merchantSerialNumber?: string | undefined;
  /** On which calls a number is sent; what all clients do if absent. */
  readonly merchantSerialNumberUse?: MerchantSerialNumberUse | undefined;
}

/** Returns every secret of the credentials, as it can be quoted by the upstream. Read anew, since they may be rotated. */
export function secretsOf(credentials: Credentials): readonly string[] {
  const { clientId, clientSecret, subscriptionKey, subscriptionKeySecondary } = credentials;
  const secret = clientSecret.reveal();
  const basic = Buffer.from(`${clientId}:${secret}`).toString('base64');
  const keys = [subscriptionKey, subscriptionKeySecondary].flatMap((key) => (key ? [key.reveal()] : []));
  return [basic, secret, ...keys];
}
