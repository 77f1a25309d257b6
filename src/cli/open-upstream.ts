import type { Config } from '../config/config.ts';
import type { Sandbox } from '../sandbox/server.ts';
import type { Upstream } from '../server/shared-services.ts';
import { Secret } from '../upstream/keys/secret.ts';

/** Returns the configured Management API, or loads and starts a sandbox in this process. */
export async function openUpstream(
  config: Config,
): Promise<{ upstream: Upstream; close: () => Promise<void> }> {
  const { url } = config.upstream;
  if (url) return { upstream: { url, tenants: config.tenants.entries }, close: async () => {} };
  const { openSandbox } = await import('./open-sandbox.ts');
  const sandbox = await openSandbox(config.sandbox);
  const { clientId, clientSecret, subscriptionKey, subscriptionKeySecondary } = sandbox.keys;
  const credentials = {
    clientId,
    clientSecret: new Secret(clientSecret),
    subscriptionKey: new Secret(subscriptionKey),
    subscriptionKeySecondary: new Secret(subscriptionKeySecondary),
    tokenFlow: 'accesstoken',
  } as const;
  return {
    upstream: {
      url: sandbox.url,
      tenants: [
        {
          id: 'default',
          credentials,
          keys: [],
          limits: {},
          targets: config.notifications.targets,
          upstreamText: '',
        },
      ],
      exampleMsn: () => msnWithOrder(sandbox),
      isSandbox: true,
    },
    close: () => sandbox.close(),
  };
}

/** Returns a sales unit with a visible order, so that the example in GraphiQL has no empty fields. */
function msnWithOrder({ data }: Sandbox): string | undefined {
  const order = data.orders.find(({ unit }) => unit !== undefined && unit !== null);
  return order?.unit == null ? data.msns[0] : data.msnOf(order.unit);
}
