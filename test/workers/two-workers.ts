import { Agent, request } from 'node:http';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing } from '../cli/serving.ts';
import type { Answer } from '../support/gateway.ts';

export interface HttpResult<Data = Record<string, unknown>> {
  readonly status: number;
  readonly body: Answer<Data>;
}

/** A client with one connection, which stays with one worker. */
export interface Connected {
  readonly worker: number;
  send<Data = Record<string, unknown>>(
    query: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpResult<Data>>;
  close(): void;
}

/** A gateway of several workers, and one client of each. */
export interface TestWorkers extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly serving: Serving;
  readonly one: Connected;
  readonly two: Connected;
  /** Opens another connection, which any worker gets. */
  connect(): Promise<Connected>;
  /** Opens several, of which each worker gets some. */
  connectMany(count: number): Promise<Connected[]>;
  /** The calls of the Management API so far, by route, without token calls. */
  calls(): Readonly<Record<string, number>>;
}

export interface TestWorkersOptions {
  readonly sandbox?: SandboxOptions;
  readonly shared?: Sandbox;
  /** Sent with what finds the workers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Record<string, string> | ((sandbox: Sandbox) => Record<string, string>);
}

export async function startTestWorkers(options: TestWorkersOptions = {}): Promise<TestWorkers> {
  const sandbox = options.shared ?? (await startSandbox({ units: 100, latencyMs: 5, ...options.sandbox }));
  const env = typeof options.env === 'function' ? options.env(sandbox) : options.env;
  const serving = await startServing({ WORKERS: '2', ...(env?.['AUTH'] ? {} : pointedAt(sandbox)), ...env });
  await serving.readiness(200);
  const open: Connected[] = [];
  let connections = 0;
  const connect = async (): Promise<Connected> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const id = `connection-${connections++}`;
    const send: Connected['send'] = (query, headers) => post(agent, serving.url, query, headers);
    await send('{ __typename }', { ...options.headers, 'x-request-id': id });
    const worker = await serving.cli.until(
      ({ logs }) => logs.find(({ requestId }) => requestId === id)?.['worker'] as number | undefined,
    );
    const connected = { worker, send, close: () => agent.destroy() };
    open.push(connected);
    return connected;
  };
  const clients = new Map<number, Connected>();
  while (clients.size < 2) {
    const client = await connect();
    clients.set(client.worker, client);
  }
  const [one, two] = [clients.get(1), clients.get(2)];
  if (!one || !two) throw new Error('there are two workers, with the numbers 1 and 2');
  return {
    sandbox,
    serving,
    one,
    two,
    connect,
    async connectMany(count) {
      const connections: Connected[] = [];
      while (connections.length < count) connections.push(await connect());
      return connections;
    },
    calls() {
      const { calls } = sandbox.stats();
      return Object.fromEntries(Object.entries(calls).filter(([route]) => route.includes(' /management/')));
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of open) client.close();
      await serving[Symbol.asyncDispose]();
      if (!options.shared) await sandbox.close();
    },
  };
}

function post<Data>(
  agent: Agent,
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResult<Data>> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ query });
    const sent = request(
      url,
      { agent, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
