import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type AddressRanges, noAddresses } from '../../config/network/address-ranges.ts';
import { canonicalAddress, networkOf } from '../../config/network/ip-address.ts';
import { onceClosed } from './once-closed.ts';
import { onceStreaming } from './streaming.ts';

/** How many connections a process accepts at most. Each takes about 10 KB. */
export const MAX_CONNECTIONS = 10_000;
/** From this number on, each new connection closes an idle one. */
const CROWDED = 9_000;

export interface ConnectionsOptions {
  /** For one IPv4 address or one IPv6 /64. */
  readonly maxPerNetwork?: number;
  /** Proxies carry the requests of many clients, so `maxPerNetwork` does not apply to them. */
  readonly trustedProxies?: AddressRanges;
  readonly crowded?: number;
}

interface Network {
  readonly name: string;
  /** Connections without a running request, the longest idle first. */
  readonly idle: Set<Socket>;
  size: number;
}

interface Connection {
  readonly network: Network;
  /** Running requests. */
  requests: number;
  /** Bytes read when the last response had been sent. More means that a request is arriving. Undefined before the first. */
  readBytes?: number;
}

/**
 * Bounds the connections of one server. A new connection replaces an idle one: of the same network at the bound of the
 * network, of the largest network near the bound of the process. Idle connections therefore lock no client out.
 */
export class Connections {
  readonly #networks = new Map<string, Network>();
  readonly #open = new Map<Socket, Connection>();
  /** Those whose end is listened for. */
  readonly #watched = new WeakSet<Socket>();
  readonly #options: Required<ConnectionsOptions>;

  constructor(options: ConnectionsOptions = {}) {
    this.#options = { maxPerNetwork: 1_000, trustedProxies: noAddresses, crowded: CROWDED, ...options };
  }

  /** Registers a new connection. Returns false if it must be refused because its network's connections are all busy. */
  accept(socket: Socket): boolean {
    const { maxPerNetwork, trustedProxies, crowded } = this.#options;
    const address = canonicalAddress(socket.remoteAddress ?? '') ?? '';
    const name = networkOf(address);
    const network = this.#networks.get(name) ?? { name, idle: new Set(), size: 0 };
    const isBounded = !trustedProxies.has(address);
    if (isBounded && network.size >= maxPerNetwork && !closeLongestIdle(network)) return false;
    if (this.#open.size >= crowded) this.#closeIdleOfLargest();
    this.#networks.set(name, network);
    network.size++;
    network.idle.add(socket);
    this.#open.set(socket, { network, requests: 0 });
    if (!this.#watched.has(socket)) socket.once('close', () => this.#release(socket));
    this.#watched.add(socket);
    return true;
  }

  /** Registers a request. Others may be running on the same connection. */
  begin(response: ServerResponse): void {
    const { socket } = response.req;
    const connection = this.#open.get(socket);
    if (!connection) return;
    connection.network.idle.delete(socket);
    connection.requests++;
    onceStreaming(response, () => this.#release(socket));
    onceClosed(response, () => {
      connection.requests--;
      if (connection.requests > 0 || socket.destroyed || !this.#open.has(socket)) return;
      connection.readBytes = socket.bytesRead;
      connection.network.idle.add(socket);
    });
  }

  /**
   * Notes whether a connection carries subscriptions. As long as it does, it is out of the bounds: subscriptions are bounded
   * by caller and tenant. Afterwards it is idle.
   */
  carry(socket: Socket, isUsed: boolean): void {
    if (isUsed) this.#release(socket);
    else if (!socket.destroyed && !this.accept(socket)) socket.destroy();
  }

  #release(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (!connection) return;
    this.#open.delete(socket);
    this.#leave(connection.network, socket);
  }

  #leave(network: Network, socket: Socket): void {
    network.idle.delete(socket);
    network.size--;
    if (network.size === 0) this.#networks.delete(network.name);
  }

  /**
   * Closes the connections that are between two requests. Node's own method also closes those whose response is written
   * but not sent completely, which truncates large responses.
   */
  closeIdle(): void {
    for (const [socket, { requests, readBytes }] of this.#open)
      if (requests === 0 && readBytes === socket.bytesRead) socket.destroy();
  }

  #closeIdleOfLargest(): void {
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
