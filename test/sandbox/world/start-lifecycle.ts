import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import { control, send, signIn } from '../client.ts';
import { details, order, smallest } from '../ordering.ts';

export const UNITS = '/management/v1/sales-units';

/** Starts a sandbox whose traffic is recorded, and returns what the tests of its lifecycle do with it. */
export async function startLifecycle() {
  const exchanges: Exchange[] = [];
  const onExchange = (exchange: Exchange) => exchanges.push(exchange);
  const sandbox = await startSandbox({ latencyMs: 0, onExchange });
  const headers = await signIn(sandbox);
  return {
    sandbox,
    headers,
    onExchange,
    get: async (path: string, own = headers) => send(sandbox, 'GET', path, { headers: own }),
    place: async (body: object = smallest): Promise<string> =>
      (await order(sandbox, headers, body)).json.prefilledOrderId,
    move: (id: string, status: unknown) => control(sandbox, 'POST', `orders/${id}`, { status }),
    statusOf: async (id: string) => (await details(sandbox, headers, id)).json.status,
    msnsOf: (list: { msn: string }[]) => list.map(({ msn }) => msn),
    /** Closes the sandbox, and returns what in its traffic breaks the contract. */
    close: async (): Promise<string[]> => {
      await sandbox.close();
      const check = await createContractCheck();
      return exchanges.flatMap(check);
    },
  };
}
