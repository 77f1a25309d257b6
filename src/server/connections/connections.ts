import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type AddressRanges, noAddresses } from '../../config/address-ranges.ts';
import { canonicalAddress, networkOf } from '../../config/ip-address.ts';

/** What one process holds open at most; more are not accepted. Each costs some 10 KB. */
export const MAX_CONNECTIONS = 10_000;
/** From here on an idle connection makes way for each new one. */
const CROWDED = 9_000;

export interface ConnectionsOptions {
  /** Of one IPv4 address, or of one /64 of IPv6. */
  readonly maxPerNetwork?: number;
  /** They carry the requests of many clients, so only the bound of the process holds for them. */
  readonly trustedProxies?: AddressRanges;
  readonly crowded?: number;
}

interface Network {
  /** Connections on which no request is under way, the longest idle first. */
  readonly idle: Set<Socket>;
  size: number;
}

interface Connection {
  readonly network: Network;
  /** Requests under way. */
  requests: number;
  /** What had been read when the last answer was gone; more is a request on its arrival. Undefined before the first. */
  readBytes?: number;
}

/**
 * Bounds the connections of one listener. An idle connection always makes way for a new one, of the same network at its
 * own bound and of the largest network near the bound of the process, so that idle connections lock nobody out.
 */
export class Connections {
  readonly #networks = new Map<string, Network>();
  readonly #open = new Map<Socket, Connection>();
  readonly #options: Required<ConnectionsOptions>;

  constructor(options: ConnectionsOptions = {}) {
    this.#options = { maxPerNetwork: 1_000, trustedProxies: noAddresses, crowded: CROWDED, ...options };
  }

  /** Takes a new connection in. Returns false when it must be refused: its network's connections are all busy. */
  accept(socket: Socket): boolean {
    const { maxPerNetwork, trustedProxies, crowded } = this.#options;
    const address = canonicalAddress(socket.remoteAddress ?? '') ?? '';
    const name = networkOf(address);
    const network = this.#networks.get(name) ?? { idle: new Set(), size: 0 };
    const isBounded = !trustedProxies.has(address);
    if (isBounded && network.size >= maxPerNetwork && !closeLongestIdle(network)) return false;
    if (this.#open.size >= crowded) this.#makeWay();
    this.#networks.set(name, network);
    network.size++;
    network.idle.add(socket);
    this.#open.set(socket, { network, requests: 0 });
    socket.once('close', () => {
      network.idle.delete(socket);
      network.size--;
      this.#open.delete(socket);
      if (network.size === 0) this.#networks.delete(name);
    });
    return true;
  }

  /** Notes a request, on whose connection others may be under way too. */
  begin(response: ServerResponse): void {
    const { socket } = response.req;
    const connection = this.#open.get(socket);
    if (!connection) return;
    connection.network.idle.delete(socket);
    connection.requests++;
    response.once('close', () => {
      connection.requests--;
      if (connection.requests > 0 || socket.destroyed) return;
      connection.readBytes = socket.bytesRead;
      connection.network.idle.add(socket);
    });
  }

  /**
   * Closes the connections between two requests. Node's own function also closes those whose answer is written but still
   * on its way, which cuts large answers off.
   */
  closeIdle(): void {
    for (const [socket, { requests, readBytes }] of this.#open)
      if (requests === 0 && readBytes === socket.bytesRead) socket.destroy();
  }

  #makeWay(): void {
    let largest: Network | undefined;
    for (const network of this.#networks.values())
      if (network.idle.size > 0 && network.size > (largest?.size ?? 0)) largest = network;
    if (largest) closeLongestIdle(largest);
  }
}

function closeLongestIdle(network: Network): boolean {
  const [socket] = network.idle;
  if (!socket) return false;
  network.idle.delete(socket);
  socket.destroy();
  return true;
}
