import type { IncomingMessage } from 'node:http';
import { type AddressRanges, noAddresses } from '../../config/address-ranges.ts';
import { canonicalAddress } from '../../config/ip-address.ts';
import { type Hop, readForwarded, readForwardedFor } from './forwarded.ts';

/** Returns the address of the client that sent a request; empty for a request without a connection. */
export type ClientAddress = (request: IncomingMessage | undefined) => string;

/** Longer chains of proxies are not followed. */
const MAX_HOPS = 16;

/**
 * The address of a client is that of its connection, unless a trusted proxy holds the connection: then it is the one that
 * the proxy reports, read from the right past further trusted proxies to the first address that is none of them. What
 * stands further left was written by the client.
 *
 * A proxy writes one of the two headers and may pass the other on as the client wrote it. So when both are there and
 * disagree, neither is believed, and the request counts as the proxy's own.
 */
export function createClientAddress(trusted: AddressRanges = noAddresses): ClientAddress {
  const follow = (peer: string, hops: readonly Hop[]): string => {
    let known = peer;
    for (const hop of hops.slice(-MAX_HOPS).reverse()) {
      if (hop === undefined) return known;
      known = hop;
      if (!trusted.has(hop)) return known;
    }
    return known;
  };
  return (request) => {
    const { remoteAddress = '' } = request?.socket ?? {};
    const peer = canonicalAddress(remoteAddress) ?? remoteAddress;
    if (!request || !trusted.has(peer)) return peer;
    const { forwarded, 'x-forwarded-for': forwardedFor } = request.headers;
    const reports: string[] = [];
    if (forwarded !== undefined) reports.push(follow(peer, readForwarded(forwarded) ?? []));
    if (forwardedFor !== undefined)
      reports.push(follow(peer, readForwardedFor(String(forwardedFor), MAX_HOPS)));
    const [first = peer, second = first] = reports;
    return first === second ? first : peer;
  };
}
