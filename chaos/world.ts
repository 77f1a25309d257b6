import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing } from '../test/cli/serving.ts';
import { startTcpProxy, type TcpProxy, type TcpProxyOptions } from './tcp-proxy.ts';
import { type Tenants, writeTenants } from './tenants.ts';

/** A gateway process on a sandbox of this process, which a row can make fail. */
export interface World extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly gateway: Serving;
  /** Starts one more gateway like the first, and resolves once it listens. */
  start(): Promise<Serving>;
  /** The same, and resolves once it is ready. */
  another(): Promise<Serving>;
  /** Present if the options ask for it. */
  readonly proxy?: TcpProxy;
  /** Present if the options ask for them. */
  readonly tenants?: Tenants;
  /** Sends an operation and reads its answer. */
  ask(query: string, headers?: Record<string, string>): Promise<Reply>;
  /** Management API calls of a route, or all of them. */
  calls(route?: string): number;
}

export interface Reply {
  readonly status: number;
  readonly ms: number;
  readonly data?: unknown;
  readonly codes: readonly string[];
  readonly errors: readonly {
    readonly path?: readonly unknown[];
    readonly extensions: Record<string, unknown>;
  }[];
  readonly extensions?: { readonly upstream?: { readonly oldest?: string; readonly cached: number } };
  readonly text: string;
}

export interface WorldOptions {
  readonly env?: Record<string, string>;
  readonly sandbox?: SandboxOptions;
  /** Puts a proxy between the gateway and the sandbox. */
  readonly proxy?: TcpProxyOptions;
  /** Serves all tenants of the sandbox, by keys, instead of the main partner alone. */
  readonly tenants?: true;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ units: 50, latencyMs: 1, ...options.sandbox });
  const proxy = options.proxy && (await startTcpProxy(sandbox.url, options.proxy));
  const tenants = options.tenants && writeTenants(sandbox);
  const env = {
    ...pointedAt(sandbox),
    VIPPS_SUBSCRIPTION_KEY_SECONDARY: sandbox.keys.subscriptionKeySecondary,
    CACHE: 'off',
    REQUEST_DEADLINE_MS: '5000',
    UPSTREAM_TIMEOUT_MS: '2000',
    RATE_LIMIT_PER_MINUTE: '0',
    ...(proxy && { MANAGEMENT_API_URL: proxy.url }),
    ...tenants?.env,
    ...options.env,
  };
  const start = () => startServing(env);
  const another = async () => {
    const started = await start();
    await started.readiness(200);
    return started;
  };
  const gateway = await another();
  sandbox.reset();
  return {
    sandbox,
    gateway,
    start,
    another,
    ...(proxy && { proxy }),
    ...(tenants && { tenants }),
    ask: (query, headers) => ask(gateway.url, query, headers),
    calls: (route) => {
      const { calls } = sandbox.stats();
      if (route) return calls[route] ?? 0;
      return Object.entries(calls).reduce(
        (sum, [key, count]) => (key.includes('/management/') ? sum + count : sum),
        0,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await proxy?.[Symbol.asyncDispose]();
      tenants?.[Symbol.dispose]();
      await sandbox.close();
    },
  };
}

export async function ask(url: string, query: string, headers: Record<string, string> = {}): Promise<Reply> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  const { data, errors = [], extensions } = JSON.parse(text);
  return {
    status: response.status,
    ms: performance.now() - startedAt,
    data,
    errors,
    codes: errors.map((error: { extensions: { code: string } }) => error.extensions.code),
    extensions,
    text,
  };
}
