import type { IncomingMessage } from 'node:http';
import { type AddressRanges, noAddresses } from '../../config/network/address-ranges.ts';
import { canonicalAddress } from '../../config/network/ip-address.ts';
import { type Hop, readForwarded, readForwardedFor } from './forwarded.ts';

/** Returns the address of the client; an empty string for a request without a connection. */
export type ClientAddress = (request: IncomingMessage | undefined) => string;

/** How many proxies are followed at most. */
const MAX_HOPS = 16;

/**
 * Creates the function that returns the address of the client: the address of the connection or, if that is a trusted
 * proxy, the address that the proxy reports. Reports are read from the right, past further trusted proxies, to the first
 * address that is not trusted. Everything further left was written by the client.
 *
 * A proxy writes one of the two headers and may pass on the other as the client wrote it. If both are present and
 * disagree, neither is trusted, and the request counts as the proxy's own.
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
  // Most requests come from few addresses.
  let last = '';
  let lastPeer = '';
  const peerOf = (address: string) => {
    if (address !== last) {
      last = address;
      lastPeer = canonicalAddress(address) ?? address;
    }
    return lastPeer;
  };
  return (request) => {
    const peer = peerOf(request?.socket.remoteAddress ?? '');
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
