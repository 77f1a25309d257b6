import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between the gateway and the sandbox, and causes faults that an HTTP server cannot. */
export interface TcpProxy extends AsyncDisposable {
  readonly url: string;
  /** Connections of the gateway that are open. */
  open(): number;
  /** Resets all connections and refuses new ones. */
  stop(): Promise<void>;
  /** Accepts connections again, on the same port. */
  start(): Promise<void>;
  /** Passes nothing on any more on the connections of now, and closes none. Returns how many there are. */
  blackHole(): number;
  /** Sends these bytes to the gateway on every connection that is idle. Returns on how many. */
  inject(bytes: string): number;
}

interface Pair {
  readonly gateway: Socket;
  readonly upstream: Socket;
  /** Whether the gateway waits for an answer. */
  isBusy: boolean;
}

export interface TcpProxyOptions {
  /** Closes a connection after so long without a byte, as many servers do. */
  readonly idleMs?: number;
  /** The URL has a name instead of an address. */
  readonly isNamed?: true;
}

export async function startTcpProxy(target: string, options: TcpProxyOptions = {}): Promise<TcpProxy> {
  const { idleMs, isNamed } = options;
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  const server = createServer({ noDelay: true }, (gateway) => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    const pair: Pair = { gateway, upstream, isBusy: false };
    pairs.add(pair);
    gateway.on('data', () => {
      pair.isBusy = true;
    });
    upstream.on('data', () => {
      pair.isBusy = false;
    });
    gateway.pipe(upstream).pipe(gateway);
    if (idleMs !== undefined) gateway.setTimeout(idleMs, () => gateway.end());
    for (const [one, other] of [
      [gateway, upstream],
      [upstream, gateway],
    ] as const)
      one
        .on('error', () => {})
        .on('close', () => {
          pairs.delete(pair);
          other.destroy();
        });
  });
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const stop = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const { gateway } of pairs) gateway.resetAndDestroy();
    await closed;
  };
  return {
    url: `http://${isNamed ? 'localhost' : '127.0.0.1'}:${own}`,
    open: () => pairs.size,
    stop,
    start: () => listen(own),
    blackHole() {
      for (const { gateway, upstream } of pairs) {
        gateway.unpipe(upstream);
        upstream.unpipe(gateway);
        // Read and thrown away, as a firewall that has forgotten the connection does.
        gateway.resume();
        upstream.resume();
      }
      return pairs.size;
    },
    inject(bytes) {
      const idle = [...pairs].filter(({ isBusy }) => !isBusy);
      for (const { gateway } of idle) gateway.write(bytes);
      return idle.length;
    },
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await stop();
    },
  };
}
