import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type AddressRanges, noAddresses } from '../../config/network/address-ranges.ts';
import { canonicalAddress, networkOf } from '../../config/network/ip-address.ts';
import { exchangesOn, onceClosed } from './exchange.ts';
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
  readonly connections: Set<Connection>;
  /** How many of them are idle. */
  idle: number;
}

interface Connection {
  readonly network: Network;
  readonly socket: Socket;
  /** In the time of `performance.now()`. Undefined while a request is running. */
  idleSince: number | undefined;
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
    const network = this.#networks.get(name) ?? { name, connections: new Set(), idle: 0 };
    const isBounded = !trustedProxies.has(address);
    if (isBounded && network.connections.size >= maxPerNetwork && !closeLongestIdle(network)) return false;
    if (this.#open.size >= crowded) this.#closeIdleOfLargest();
    this.#networks.set(name, network);
    const connection: Connection = { network, socket, idleSince: undefined };
    network.connections.add(connection);
    this.#open.set(socket, connection);
    beIdle(connection);
    if (!this.#watched.has(socket)) socket.once('close', () => this.#release(socket));
    this.#watched.add(socket);
    return true;
  }

  /** Registers a request. Others may be running on the same connection. */
  begin(response: ServerResponse): void {
    const { socket } = response.req;
    const connection = this.#open.get(socket);
    if (!connection) return;
    beBusy(connection);
    onceStreaming(response, () => this.#release(socket));
    onceClosed(response, () => {
      if (exchangesOn(socket).length > 0 || socket.destroyed || this.#open.get(socket) !== connection) return;
      connection.readBytes = socket.bytesRead;
      beIdle(connection);
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
    const { network } = connection;
    beBusy(connection);
    network.connections.delete(connection);
    if (network.connections.size === 0) this.#networks.delete(network.name);
  }

  /**
   * Closes the connections that are between two requests. Node's own method also closes those whose response is written
   * but not sent completely, which truncates large responses.
   */
  closeIdle(): void {
    for (const { socket, idleSince, readBytes } of this.#open.values())
      if (idleSince !== undefined && readBytes === socket.bytesRead) socket.destroy();
  }

  #closeIdleOfLargest(): void {
    let largest: Network | undefined;
    for (const network of this.#networks.values())
      if (network.idle > 0 && network.connections.size > (largest?.connections.size ?? 0)) largest = network;
    if (largest) closeLongestIdle(largest);
  }
}

function beIdle(connection: Connection): void {
  connection.idleSince = performance.now();
  connection.network.idle++;
}

function beBusy(connection: Connection): void {
  if (connection.idleSince === undefined) return;
  connection.idleSince = undefined;
  connection.network.idle--;
}

/** Returns false if none is idle. */
function closeLongestIdle({ connections, idle }: Network): boolean {
  if (idle === 0) return false;
  let longest: Connection | undefined;
  for (const connection of connections)
    if ((connection.idleSince ?? Infinity) < (longest?.idleSince ?? Infinity)) longest = connection;
  if (!longest) return false;
  beBusy(longest);
  longest.socket.destroy();
  return true;
}
