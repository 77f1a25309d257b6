import { networkOf } from '../../config/network/ip-address.ts';
import type { UpstreamClient } from '../../upstream/client.ts';
import { Secret } from '../../upstream/keys/secret.ts';
import { isMsn } from '../../upstream/models/identifiers.ts';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { AuthMethod } from './caller.ts';
import type { Tenants } from './tenants.ts';

const VALUE = /^[\x21-\x7e]{1,256}$/;

/**
 * The caller's own keys of the Management API in headers: `Vipps-Client-Id`, `Vipps-Client-Secret`,
 * `Ocp-Apim-Subscription-Key` (left out with management keys) and, if it likes, `Merchant-Serial-Number`. The upstream
 * decides whether they are valid, see `KeyProof`. They are kept in memory while the caller uses them, and nowhere else.
 */
export function byVippsKeys(tenants: Tenants): AuthMethod {
  return ({ header, address }) => {
    const clientId = header('vipps-client-id');
    const clientSecret = header('vipps-client-secret');
    if (clientId === undefined && clientSecret === undefined) return undefined;
    const subscriptionKey = header('ocp-apim-subscription-key');
    const merchantSerialNumber = header('merchant-serial-number');
    const values = [clientId, clientSecret, subscriptionKey].filter((value) => value !== undefined);
    if (!clientId || !clientSecret || !values.every((value) => VALUE.test(value)))
      throw new Unauthenticated('the keys are incomplete');
    if (merchantSerialNumber !== undefined && !isMsn(merchantSerialNumber))
      throw new Unauthenticated('the merchant serial number is invalid');
    const { owner, start } = tenants.withOwnKeys(
      {
        clientId,
        clientSecret: new Secret(clientSecret),
        subscriptionKey: subscriptionKey === undefined ? undefined : new Secret(subscriptionKey),
        tokenFlow: subscriptionKey === undefined ? 'miami' : 'accesstoken',
        merchantSerialNumber,
      },
      networkOf(address ?? ''),
    );
    let client: UpstreamClient | undefined;
    return {
      // A part of a keyed hash: it tells callers apart in the log and is of no use elsewhere.
      id: `keys ${owner.slice(0, 16)}`,
      tenantId: `visitor-${owner.slice(0, 8)}`,
      // Created only when an operation runs, so that refused requests leave nothing behind.
      get client() {
        client ??= start();
        return client;
      },
      // Without `introspect`: the keys are not verified yet when a client reads the schema.
      scopes: new Set(['read', 'product-orders:write']),
      audience: 'backend',
      verifiedByUpstream: true,
      limits: {},
    };
  };
}
