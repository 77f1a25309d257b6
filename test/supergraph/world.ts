import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type Serving, startServing } from '../cli/serving.ts';
import { example, type Running } from './example.ts';

const SECRET = 'the-secret-of-the-router-in-32-characters';
export const keyOf = (tenant: string) => `mg_key_of_${tenant}`;

/** An answer of a router. */
export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string };
  }[];
}

/** A supergraph of two subgraphs behind a router, whose management gateway has two tenants. */
export interface World extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly management: Serving;
  /** The headers of every request that reached the subgraph of the stores. */
  readonly seenByStores: readonly IncomingHttpHeaders[];
  ask<Data>(
    query: string,
    options?: { readonly tenant?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Answer<Data>>;
  /** Where the router is. */
  readonly url: string;
  /** Management API calls since the last time, by route. */
  calls(): Record<string, number>;
}

export type StartRouter = (composed: {
  readonly supergraph: string;
  readonly hiveSupergraph: string;
  readonly secret: string;
}) => Promise<Running>;

export async function startWorld(startRouter: StartRouter, env: Record<string, string> = {}): Promise<World> {
  const sandbox = await startSandbox({ units: 100, latencyMs: 1 });
  const home = mkdtempSync(join(tmpdir(), 'supergraph-'));
  const file = join(home, 'tenants.json');
  const { partner, otherPartner } = sandbox.callers;
  const tenants = Object.entries({ one: partner, two: otherPartner }).map(([id, upstream]) => ({
    id,
    upstream,
    // Browsers' keys: the router passes them on, and its secret stands for its limits.
    keys: [
      { sha256: createHash('sha256').update(keyOf(id)).digest('hex'), scopes: ['read'], audience: 'browser' },
    ],
  }));
  writeFileSync(file, JSON.stringify({ tenants }), { mode: 0o600 });
  const management = await startServing({
    MANAGEMENT_API_URL: sandbox.url,
    TENANTS_FILE: file,
    AUTH: 'api-key',
    CACHE: 'off',
    OUTCOMES_FILE: ':memory:',
    SUBGRAPH: 'on',
    SUBGRAPH_SECRET: SECRET,
    ...env,
  });
  await management.readiness(200);
  const seenByStores: IncomingHttpHeaders[] = [];
  const stores = await example.startStores({
    msns: sandbox.data.msns,
    onRequest: (headers) => seenByStores.push(headers),
  });
  const composed = example.compose({
    management: management.url.replace('/graphql', '/subgraph'),
    stores: stores.url,
  });
  if (composed.problems.length > 0) throw new Error(composed.problems.join('\n'));
  const router = await startRouter({ ...composed, secret: SECRET });
  let before: Readonly<Record<string, number>> = sandbox.stats().calls;
  return {
    sandbox,
    management,
    url: router.url,
    seenByStores,
    async ask(query, { tenant = 'one', headers } = {}) {
      const response = await fetch(router.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${keyOf(tenant)}`,
          ...headers,
        },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as never;
    },
    calls() {
      const { calls } = sandbox.stats();
      const since = Object.entries(calls).map(
        ([route, count]) => [route, count - (before[route] ?? 0)] as const,
      );
      before = calls;
      return Object.fromEntries(
        since.filter(([route, count]) => count > 0 && route.includes(' /management/')),
      );
    },
    [Symbol.asyncDispose]: async () => {
      await router.stop();
      await stores.stop();
      await management[Symbol.asyncDispose]();
      await sandbox.close();
      rmSync(home, { recursive: true });
    },
  };
}
