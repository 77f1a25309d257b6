import type { Sandbox } from '../../src/sandbox/server.ts';
import type { Answer } from '../support/gateway.ts';
import { type CliProcess, startCli } from './cli-process.ts';

/** A gateway in a process of its own, asked over real HTTP. */
export interface Serving extends AsyncDisposable {
  readonly cli: CliProcess;
  readonly url: string;
  readonly adminUrl: string;
  /** Sends a query the way a client does. */
  ask(query: string, init?: RequestInit): Promise<Response>;
  /** The answer to {@link Serving.ask} as a client reads it. */
  query<Data = Record<string, unknown>>(query: string): Promise<Answer<Data>>;
  /** Resolves once `/readyz` answers `status`. */
  readiness(status: number): Promise<void>;
}

/** Starts `serve` on free ports and waits until it listens. */
export async function startServing(
  env: Record<string, string> = {},
  start = (whole: Record<string, string>) => startCli(['serve'], whole),
): Promise<Serving> {
  // Without a directory unless `env` says otherwise, however the process is started.
  const cli = start({ PORT: '0', ADMIN_PORT: '0', DIRECTORY: 'off', ...env });
  const listening = await cli
    .until(({ logs }) => logs.find(({ msg }) => msg === 'listening'))
    .catch((error: Error) => {
      throw new Error(`${error.message}\n${cli.stderr}`);
    });
  const url = `http://127.0.0.1:${listening['port']}/graphql`;
  const adminUrl = `http://127.0.0.1:${listening['adminPort']}`;
  const ask = (query: string, init?: RequestInit) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...init?.headers },
      body: JSON.stringify({ query }),
      signal: init?.signal ?? null,
    });
  return {
    cli,
    url,
    adminUrl,
    ask,
    query: async (query) => (await ask(query)).json(),
    readiness: async (status) => {
      while ((await fetch(`${adminUrl}/readyz`)).status !== status)
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
    [Symbol.asyncDispose]: () => cli[Symbol.asyncDispose](),
  };
}

/** Resolves when the directory of a gateway records changes. */
export async function untilObserved(
  query: (text: string) => Promise<{
    readonly data?: { readonly changes: { readonly observedSince: string | null } | null } | null | undefined;
  }>,
): Promise<void> {
  while (!(await query('{ changes { observedSince } }')).data?.changes?.observedSince)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The variables that point a gateway at a sandbox of the test. */
export function pointedAt({ url, keys }: Pick<Sandbox, 'url' | 'keys'>): Record<string, string> {
  return {
    MANAGEMENT_API_URL: url,
    VIPPS_CLIENT_ID: keys.clientId,
    VIPPS_CLIENT_SECRET: keys.clientSecret,
    VIPPS_SUBSCRIPTION_KEY: keys.subscriptionKey,
    AUTH: 'none',
    OUTCOMES_FILE: ':memory:',
  };
}
