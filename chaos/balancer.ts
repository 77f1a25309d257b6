import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Serving } from '../test/cli/serving.ts';

const LOOK_MS = 50;

/** Passes connections to gateways that say that they are ready, in turn, as a load balancer does. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  add(gateway: Serving): void;
  remove(gateway: Serving): void;
}

export async function startBalancer(): Promise<Balancer> {
  const gateways = new Set<Serving>();
  let ready: Serving[] = [];
  let next = 0;
  const looking = setInterval(async () => {
    const looked = await Promise.all(
      [...gateways].map(async (gateway) => {
        const status = await fetch(`${gateway.adminUrl}/readyz`).then(
          (answer) => answer.status,
          () => 0,
        );
        return status === 200 ? [gateway] : [];
      }),
    );
    ready = looked.flat();
  }, LOOK_MS);
  const server = createServer({ noDelay: true }, (client) => {
    const gateway = ready[next++ % ready.length];
    if (!gateway) return void client.destroy();
    const upstream = connect({ host: '127.0.0.1', port: Number(new URL(gateway.url).port), noDelay: true });
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    add: (gateway) => void gateways.add(gateway),
    remove: (gateway) => void gateways.delete(gateway),
    [Symbol.asyncDispose]: async () => {
      clearInterval(looking);
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
