import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { scopes } from '../../src/config/scopes.ts';
import { KEY_PREFIX } from '../../src/server/auth/api-key.ts';
import type { UpstreamOrder } from '../contestants/management-api.ts';
import { readCpu, readMemory } from '../process-usage.ts';
import { type Child, startChild } from './child.ts';
import type { Contestant } from './contestant.ts';
import { heapAfterGc } from './heap.ts';

export interface GatewaySettings {
  readonly upstream: UpstreamOrder;
  readonly cache: boolean;
  /** Of the package. */
  readonly folder: URL | undefined;
  readonly env: Readonly<Record<string, string>> | undefined;
  readonly hasAllCores: boolean | undefined;
  readonly tenants: number;
}

const READY_WITHIN_MS = 60_000;
const LAG = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m;

/**
 * Starts the gateway as in production: keys for callers, limits, metrics, outcomes of writes in a file, log lines in a
 * file. Resolves when `/readyz` says that it is ready.
 */
export async function startGateway(settings: GatewaySettings): Promise<Contestant> {
  const { upstream, folder } = settings;
  if (!folder) throw new Error('no package of the gateway');
  const data = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  const gatewayKeys = Array.from(
    { length: settings.tenants },
    () => KEY_PREFIX + randomBytes(32).toString('base64url'),
  );
  const tenantsFile = join(data, 'tenants.json');
  writeFileSync(tenantsFile, JSON.stringify(tenantsWith(gatewayKeys, upstream)), { mode: 0o600 });
  const [port, adminPort] = [await freePort(), await freePort()];
  const errors = join(data, 'stderr');
  const output = { stdout: openSync(join(data, 'stdout'), 'w'), stderr: openSync(errors, 'w') };
  const startedAt = performance.now();
  const child = startChild(new URL('bin/management-graphql.js', folder), {
    core: settings.hasAllCores ? 'all' : 'contestant',
    args: ['serve'],
    output,
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      MANAGEMENT_API_URL: upstream.url,
      AUTH: 'api-key',
      TENANTS_FILE: tenantsFile,
      DATA_DIR: data,
      DIRECTORY: 'off',
      // The limit is counted, and never reached.
      RATE_LIMIT_PER_MINUTE: '1000000000',
      UPSTREAM_CONCURRENCY: String(upstream.connections),
      CACHE: settings.cache ? 'on' : 'off',
      ...settings.env,
    },
  });
  closeSync(output.stdout);
  closeSync(output.stderr);
  const admin = `http://127.0.0.1:${adminPort}`;
  if (!(await becomesReady(`${admin}/readyz`, child))) {
    await child.stop();
    throw new Error(`the gateway did not start: ${readFileSync(errors, 'utf8').slice(0, 500)}`);
  }
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    headers: {},
    authorizations: gatewayKeys.map((key) => `Bearer ${key}`),
    startedAt,
    memory: () => readMemory(child.pid),
    cpu: () => readCpu(child.pid),
    async loopP99Ms() {
      const { body } = await request(`${admin}/metrics`);
      return Number(LAG.exec(await body.text())?.[1]) * 1_000;
    },
    heapMb: () => heapAfterGc(child.pid, errors),
    async stop() {
      await child.stop();
      rmSync(data, { recursive: true });
    },
  };
}

const tenantsWith = (gatewayKeys: readonly string[], { keys }: UpstreamOrder) => ({
  tenants: gatewayKeys.map((key, index) => ({
    id: `bench-${index}`,
    upstream: {
      clientId: keys.clientId,
      clientSecret: keys.clientSecret,
      subscriptionKey: keys.subscriptionKey,
    },
    keys: [{ sha256: createHash('sha256').update(key).digest('hex'), scopes }],
  })),
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function becomesReady(url: string, child: Child): Promise<boolean> {
  const end = performance.now() + READY_WITHIN_MS;
  while (performance.now() < end && !child.hasEnded()) {
    if (await isReady(url)) return true;
    await sleep(5);
  }
  return false;
}

const isReady = (url: string) =>
  request(url).then(
    async ({ statusCode, body }) => {
      await body.dump();
      return statusCode === 200;
    },
    () => false,
  );
