import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientBounds, createHttpServer, limits } from '../../src/server/http/http-server.ts';
import type { TestGateway } from './gateway.ts';

type Listening = AsyncDisposable & { readonly url: string };

/** Puts a test gateway on a port of its own, for what only real HTTP shows. */
export const listen = (
  { gateway }: Pick<TestGateway, 'gateway'>,
  bounds: ClientBounds = {},
): Promise<Listening> => listenTo(gateway, bounds);

/** The same for its hot path. */
export const listenToHotPath = ({ listener }: Pick<TestGateway, 'listener'>): Promise<Listening> =>
  listenTo(listener, { hasSecurityHeaders: true });

async function listenTo(listener: RequestListener, bounds: ClientBounds): Promise<Listening> {
  const server = createHttpServer(listener, limits, bounds).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
