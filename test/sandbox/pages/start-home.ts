import { startSandbox } from '../../../src/sandbox/server.ts';
import { signIn } from '../client.ts';
import { order, smallest } from '../ordering.ts';
import { press } from '../page-client.ts';

export const UI = '/_sandbox/ui';

/** Starts a sandbox, and returns what the tests of its home pages do with it. */
export async function startHome() {
  const sandbox = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9 });
  const headers = await signIn(sandbox);
  return {
    sandbox,
    headers,
    place: async (body: object = smallest): Promise<string> =>
      (await order(sandbox, headers, body)).json.prefilledOrderId,
    press: (path: string, fields: Record<string, string> = {}) => press(sandbox, path, fields),
  };
}
