import type { AddressInfo } from 'node:net';
import { type ClientBounds, createHttpServer, limits } from '../../src/server/http/http-server.ts';
import type { TestGateway } from './gateway.ts';

/** Puts a test gateway on a port of its own, for what only real HTTP shows. */
export async function listen(
  { gateway }: Pick<TestGateway, 'gateway'>,
  bounds: ClientBounds = {},
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createHttpServer(gateway, limits, bounds).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
